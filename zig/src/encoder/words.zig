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

        /// Appends a word where it is wanted, without a branch, which would often be mispredicted.
        pub inline fn putIf(words: *@This(), wanted: bool, word: Word) void {
            words.memory[words.count] = word;
            words.count += @intFromBool(wanted);
        }
    };
}
