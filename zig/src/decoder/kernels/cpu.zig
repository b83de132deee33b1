//! What this x86-64 CPU can do, and whether the operating system saves the registers that it takes.

pub const Level = enum { baseline, @"x86-64-v2", avx2, avx512 };

/// The features of each level, as the build gives them to the compiler: x86-64-v2, v3, and v4 with VBMI and VBMI2.
pub fn level() Level {
    const basic = cpuid(1, 0);
    const v2 = bit(basic.c, 0) and bit(basic.c, 9) and bit(basic.c, 13) and bit(basic.c, 19) and
        bit(basic.c, 20) and bit(basic.c, 23); // SSE3, SSSE3, CMPXCHG16B, SSE4.1, SSE4.2, POPCNT
    if (!v2) return .baseline;
    const extended = if (cpuid(0x8000_0000, 0).a >= 0x8000_0001) cpuid(0x8000_0001, 0) else Registers{};
    const more = if (cpuid(0, 0).a >= 7) cpuid(7, 0) else Registers{};
    const saves_state = bit(basic.c, 27);
    const v3 = saves_state and bit(basic.c, 12) and bit(basic.c, 22) and bit(basic.c, 28) and bit(basic.c, 29) and
        bit(extended.c, 5) and // FMA, MOVBE, AVX, F16C, LZCNT
        bit(more.b, 3) and bit(more.b, 5) and bit(more.b, 8) and // BMI1, AVX2, BMI2
        savedState() & 0x6 == 0x6; // SSE and AVX registers
    if (!v3) return .@"x86-64-v2";
    const v4 = bit(more.b, 16) and bit(more.b, 17) and bit(more.b, 28) and bit(more.b, 30) and bit(more.b, 31) and
        bit(more.c, 1) and bit(more.c, 6) and // AVX-512 F, DQ, CD, BW, VL, VBMI, VBMI2
        savedState() & 0xe6 == 0xe6; // and the mask registers, and the upper halves and the upper sixteen of ZMM
    return if (v4) .avx512 else .avx2;
}

const Registers = struct { a: u32 = 0, b: u32 = 0, c: u32 = 0, d: u32 = 0 };

fn bit(register: u32, index: u5) bool {
    return register >> index & 1 == 1;
}

fn cpuid(leaf: u32, subleaf: u32) Registers {
    var a: u32 = undefined;
    var b: u32 = undefined;
    var c: u32 = undefined;
    var d: u32 = undefined;
    asm volatile ("cpuid"
        : [a] "={eax}" (a),
          [b] "={ebx}" (b),
          [c] "={ecx}" (c),
          [d] "={edx}" (d),
        : [leaf] "{eax}" (leaf),
          [subleaf] "{ecx}" (subleaf),
    );
    return .{ .a = a, .b = b, .c = c, .d = d };
}

/// XCR0: the register sets that the operating system saves when it switches threads.
fn savedState() u32 {
    return asm volatile ("xgetbv"
        : [a] "={eax}" (-> u32),
        : [index] "{ecx}" (@as(u32, 0)),
        : .{ .edx = true });
}
