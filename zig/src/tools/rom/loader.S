// The last 64 KB of the ROM of a PC, which has no BIOS: from the reset vector, 16 bytes before the end, to 64-bit mode
// with the registers of AVX-512 enabled. Copies the program, which lies before it in the ROM, to the memory that it is
// linked for (rom.ld), and calls it.
// Source: Intel 64 and IA-32 Architectures Software Developer's Manual, volume 3A, 10.1.4 (first instruction), 10.8.5
// (IA-32e mode), 13.5 (XCR0).
.section .boot,"ax"
.code16
start16:
  cli
  movw %cs, %ax
  movw %ax, %ds
  .byte 0x66
  lgdt %cs:(gdtr - bootbase)
  movl %cr0, %eax
  orl $1, %eax
  movl %eax, %cr0
  .byte 0x66, 0xea
  .long start32 + rom
  .word 0x08
.code32
start32:
  movw $0x10, %ax
  movw %ax, %ds
  movw %ax, %es
  movw %ax, %ss
  // page tables at 0x1000: one PML4, one PDPT of four 1 GB pages
  movl $0x2003, 0x1000
  movl $0, 0x1004
  xorl %ecx, %ecx
1: movl %ecx, %eax
  shll $30, %eax
  orl $0x83, %eax
  movl %eax, 0x2000(,%ecx,8)
  movl $0, 0x2004(,%ecx,8)
  incl %ecx
  cmpl $4, %ecx
  jb 1b
  movl $0x1000, %eax
  movl %eax, %cr3
  movl $0x40620, %eax // PAE, OSFXSR, OSXMMEXCPT, OSXSAVE
  movl %eax, %cr4
  movl $0xc0000080, %ecx
  rdmsr
  orl $0x100, %eax
  wrmsr
  movl $0x80000003, %eax // PG, MP, PE
  movl %eax, %cr0
  .byte 0xea
  .long start64 + rom
  .word 0x18
.code64
start64:
  xorl %ecx, %ecx
  xorl %edx, %edx
  // XCR0: x87, SSE, AVX, mask registers, upper halves of ZMM, upper sixteen ZMM
  movl $0xe7, %eax
  xsetbv
  movl $0xfff00000, %esi
  movl $0x200000, %edi
  movl $0xf0000, %ecx
  rep movsb
  movl $0x1000000, %esp
  movl $0x200000, %eax
  call *%rax
2: hlt
  jmp 2b
.balign 8
gdt: .quad 0, 0x00cf9a000000ffff, 0x00cf92000000ffff, 0x00af9a000000ffff
gdtr: .word 31
  .long gdt + rom
.org 0xfff0
.code16
  .byte 0xe9
  .word 0x000d   // wraps to 0 in the segment: 0xfff0+3+0x0d = 0x10000
.org 0x10000
.set bootbase, start16
// Where the ROM is, from where it is linked.
.set rom, 0xffd00000
