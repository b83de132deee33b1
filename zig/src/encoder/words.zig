//! Where encoders write: words in the memory of the caller, and how many there are.

pub fn Words(comptime Word: type) type {
    return struct {
        memory: [*]Word,
        capacity: usize,
        count: usize = 0,

        pub const Element = Word;

        pub fn over(memory: []align(8) u8) @This() {
            return .{ .memory = @ptrCast(memory.ptr), .capacity = memory.len / @sizeOf(Word) };
        }

        pub inline fn room(words: *const @This()) usize {
            return words.capacity - words.count;
        }

        /// The caller has checked that there is room.
        pub inline fn put(words: *@This(), word: Word) void {
            words.memory[words.count] = word;
            words.count += 1;
        }

        /// Appends `count` words of those that 64 bits hold, the first in the lowest ones. There is room for all.
        pub inline fn putSome(words: *@This(), some: u64, count: usize) void {
            @as(*align(@alignOf(Word)) u64, @ptrCast(words.memory + words.count)).* = some;
            words.count += count;
        }

        /// Appends a word where it is wanted, without a branch, which would often be mispredicted.
        pub inline fn putIf(words: *@This(), wanted: bool, word: Word) void {
            words.memory[words.count] = word;
            words.count += @intFromBool(wanted);
        }
    };
}
