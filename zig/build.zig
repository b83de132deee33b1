//! `zig build` makes the libraries in zig-out/lib; `zig build test` runs their tests, and `zig build test-emulated`
//! those of the decoders on processors that QEMU emulates; `zig build test-wasm` runs these as WebAssembly. `zig build
//! package` makes the libraries of all systems.
//!
//! - neuromorphic_drivers: ring, reader thread and decoders, called by TypeScript through FFI
//! - neuromorphic_drivers.wasm, neuromorphic_drivers_scalar.wasm, in zig-out/wasm: decoders, encoders and accumulators
//!   for web pages
//! - neuromorphic_virtual_camera: a camera behind the functions of libusb-1.0, loaded in place of libusb; on Linux
//!   also the program of this name in zig-out/bin, the same camera over USB/IP; for web pages, a module in zig-out/wasm

const std = @import("std");

pub fn build(b: *std.Build) void {
    // Baseline CPU: the same file runs everywhere; faster kernels are chosen when it is loaded.
    const target = b.standardTargetOptions(.{ .default_target = .{ .cpu_model = .baseline } });
    const optimize = b.option(std.builtin.Optimize, "optimize", "Of the libraries (default: fast)") orelse .fast;
    const sanitize_thread = b.option(bool, "tsan", "Build the tests with ThreadSanitizer") orelse false;
    const test_filters = b.option([]const []const u8, "test-filter", "Run only tests whose name contains this") orelse &.{};

    const test_step = b.step("test", "Run the tests");
    for (libraries) |library| {
        b.installArtifact(addLibrary(b, library, target, optimize));
        if (!library.tests) continue;
        const test_module = module(b, library.root, target, .debug, sanitize_thread);
        if (library.kernels) addKernels(b, test_module, target);
        addTests(b, test_step, library.name, test_module, test_filters);
    }
    // Its sockets and the virtual host controller are Linux's.
    if (target.result.os.tag == .linux) {
        b.installArtifact(addVirtualCamera(b, target, optimize));
        addTests(b, test_step, "usbip", module(b, "src/usbip_main.zig", target, .debug, sanitize_thread), test_filters);
    }
    addWasm(b, optimize);
    const node = b.option([]const u8, "node", "The Node that runs WebAssembly (default: node)") orelse "node";
    addWasmTests(b, node, test_filters);
    addWasmFuzz(b, node);
    addPackage(b);
    addPackageCheck(b);
    addEmulatedTests(b, test_filters);
    addRom(b);
    addTool(b, target, "bench-decoder", "src/bench_main.zig", "Measure the decoder's kernels (-- --recording FILE)");
    addTool(b, target, "bench-encoder", "src/encoder_bench_main.zig", "Measure the encoders (-- --recording FILE)");
    addTool(b, target, "fuzz-decoder", "src/fuzz_main.zig", "Compare the decoder's kernels (-- --words N --seed S --recording FILE)");
    addNeonFuzz(b);
    addStress(b, target, sanitize_thread);
    addInstructionCount(b, target);
}

const Library = struct {
    name: []const u8,
    root: []const u8,
    /// Whether it has the decoder's kernels.
    kernels: bool = false,
    tests: bool = true,
    /// Whether the package of native libraries has it.
    packaged: bool = true,
};

const libraries = [_]Library{
    .{ .name = "neuromorphic_drivers", .root = "src/root.zig", .kernels = true },
    .{ .name = "neuromorphic_virtual_camera", .root = "src/virtual_root.zig" },
    // For the tests of the foreign-function interface: gives back what it is given.
    .{ .name = "neuromorphic_echo", .root = "src/echo_root.zig", .tests = false, .packaged = false },
};

fn addLibrary(
    b: *std.Build,
    library: Library,
    target: std.Build.ResolvedTarget,
    optimize: std.builtin.Optimize,
) *std.Build.Step.Compile {
    const library_module = module(b, library.root, target, optimize, false);
    if (library.kernels) addKernels(b, library_module, target);
    return b.addLibrary(.{ .name = library.name, .linkage = .dynamic, .root_module = library_module, .use_llvm = true });
}

/// WebAssembly for web pages. An engine takes all of a module or nothing: without vectors there is another one.
const wasm_modules = [_]struct { name: []const u8, root: []const u8, vectors: bool }{
    .{ .name = "neuromorphic_drivers", .root = "src/wasm_root.zig", .vectors = true },
    .{ .name = "neuromorphic_drivers_scalar", .root = "src/wasm_root.zig", .vectors = false },
    .{ .name = "neuromorphic_virtual_camera", .root = "src/virtual_wasm_root.zig", .vectors = false },
};

fn addWasm(b: *std.Build, optimize: std.builtin.Optimize) void {
    for (wasm_modules) |wasm| {
        const program_module = module(b, wasm.root, wasmTarget(b, .freestanding, wasm.vectors), optimize, false);
        program_module.link_libc = false;
        const program = b.addExecutable(.{ .name = wasm.name, .root_module = program_module, .use_llvm = true });
        program.entry = .disabled;
        program.rdynamic = true;
        const install = b.addInstallArtifact(program, .{ .dest_dir = .{ .override = .{ .custom = "wasm" } } });
        b.getInstallStep().dependOn(&install.step);
    }
}

fn wasmTarget(b: *std.Build, os: std.Target.Os.Tag, vectors: bool) std.Build.ResolvedTarget {
    const features: []const std.Target.wasm.Feature = if (vectors) &.{.simd128} else &.{};
    return b.resolveTargetQuery(.{
        .cpu_arch = .wasm32,
        .os_tag = os,
        .cpu_model = .{ .explicit = &std.Target.wasm.cpu.generic },
        .cpu_features_add = std.Target.wasm.featureSet(features),
    });
}

/// A program of WASI in Node.
const wasi_host =
    \\const { WASI } = require("node:wasi");
    \\const [path, ...args] = process.argv.slice(1);
    \\const preopens = { "/": "/" };
    \\const wasi = new WASI({ version: "preview1", args: [path, ...args], env: process.env, preopens });
    \\const module = new WebAssembly.Module(require("node:fs").readFileSync(path));
    \\process.exitCode = wasi.start(new WebAssembly.Instance(module, wasi.getImportObject()));
;

/// With safety checks. Of a build for debugging LLVM makes code that no engine takes.
fn addWasmTests(b: *std.Build, node: []const u8, filters: []const []const u8) void {
    const step = b.step("test-wasm", "Run the decoders' tests as WebAssembly");
    inline for (.{ .{ "simd128", true }, .{ "scalar", false } }) |level| {
        const tests = b.addTest(.{
            .name = "wasm " ++ level[0],
            .root_module = module(b, "src/wasm_root.zig", wasmTarget(b, .wasi, level[1]), .safe, false),
            .filters = if (filters.len > 0) filters else &emulated_tests,
            .use_llvm = true,
        });
        const run = std.Build.Step.Run.create(b, "run test wasm " ++ level[0]);
        run.addArgs(&.{ node, "--no-warnings", "-e", wasi_host });
        run.addArtifactArg(tests);
        run.enableTestRunnerMode();
        run.setEnvironmentVariable("NEUROMORPHIC_DRIVERS_EXPECTED_KERNEL", level[0]);
        run.has_side_effects = true;
        step.dependOn(&run.step);
    }
}

/// The kernels of WebAssembly against the specification.
fn addWasmFuzz(b: *std.Build, node: []const u8) void {
    const program = b.addExecutable(.{
        .name = "fuzz-wasm",
        .root_module = module(b, "src/fuzz_main.zig", wasmTarget(b, .wasi, true), .fast, false),
        .use_llvm = true,
    });
    const run = std.Build.Step.Run.create(b, "run fuzz-wasm");
    run.addArgs(&.{ node, "--no-warnings", "-e", wasi_host });
    run.addArtifactArg(program);
    run.addPassthruArgs();
    b.step("fuzz-wasm", "Compare the kernels of WebAssembly (-- --words N --seed S)").dependOn(&run.step);
}

/// The program that serves virtual cameras over USB/IP, without a C library: it runs on each Linux.
fn addVirtualCamera(
    b: *std.Build,
    target: std.Build.ResolvedTarget,
    optimize: std.builtin.Optimize,
) *std.Build.Step.Compile {
    const program_module = module(b, "src/usbip_main.zig", target, optimize, false);
    program_module.link_libc = false;
    return b.addExecutable(.{ .name = "neuromorphic_virtual_camera", .root_module = program_module, .use_llvm = true });
}

/// The package's platforms: a folder for each, and what its libraries are compiled for. Versions are the oldest ones
/// that can load them; without one, Zig takes that of a recent system.
const platforms = [_]struct { folder: []const u8, triple: []const u8, checked: bool = false }{
    .{ .folder = "linux-x64", .triple = "x86_64-linux-gnu.2.17", .checked = true },
    .{ .folder = "linux-arm64", .triple = "aarch64-linux-gnu.2.17", .checked = true },
    .{ .folder = "linux-x64-musl", .triple = "x86_64-linux-musl", .checked = true },
    .{ .folder = "linux-arm64-musl", .triple = "aarch64-linux-musl" },
    .{ .folder = "darwin-x64", .triple = "x86_64-macos.11.0" },
    .{ .folder = "darwin-arm64", .triple = "aarch64-macos.11.0" },
    .{ .folder = "win32-x64", .triple = "x86_64-windows-gnu", .checked = true },
    .{ .folder = "win32-arm64", .triple = "aarch64-windows-gnu" },
};

/// The files of the package of native libraries, built on any system: `zig-out/package/<folder>/`.
fn addPackage(b: *std.Build) void {
    const step = b.step("package", "Make the libraries of all platforms in zig-out/package");
    const chosen = b.option([]const []const u8, "platform", "Make only this platform's in `package` (default: all)") orelse &.{};
    for (platforms) |platform| {
        if (chosen.len > 0 and !contains(chosen, platform.folder)) continue;
        const target = targetOf(b, platform.triple);
        for (libraries) |library| {
            if (library.packaged) addPackaged(b, step, platform.folder, addLibrary(b, library, target, .fast));
        }
        // Its sockets are Linux's, and one file serves both C libraries. Small, as it need not be faster than a bus.
        if (target.result.os.tag == .linux and target.result.abi == .gnu) {
            addPackaged(b, step, platform.folder, addVirtualCamera(b, target, .small));
        }
    }
}

fn contains(names: []const []const u8, wanted: []const u8) bool {
    for (names) |name| if (std.mem.eql(u8, name, wanted)) return true;
    return false;
}

/// A program that loads a platform's libraries, for those platforms whose programs x86-64 Linux can run, by itself, by
/// musl's loader, in QEMU or in wine: `zig-out/check/<folder>/`.
fn addPackageCheck(b: *std.Build) void {
    const step = b.step("package-check", "Make programs that load the package's libraries, in zig-out/check");
    for (platforms) |platform| {
        if (!platform.checked) continue;
        const target = targetOf(b, platform.triple);
        const check = b.addExecutable(.{
            .name = "package_check",
            .root_module = module(b, "src/check_main.zig", target, .small, false),
            // For musl the default is static, and a static program loads nothing.
            .linkage = if (target.result.os.tag == .linux) .dynamic else null,
            .use_llvm = true,
        });
        const folder = b.fmt("check/{s}", .{platform.folder});
        const install = b.addInstallArtifact(check, .{
            .dest_dir = .{ .override = .{ .custom = folder } },
            .pdb_dir = .disabled,
        });
        step.dependOn(&install.step);
    }
}

fn targetOf(b: *std.Build, triple: []const u8) std.Build.ResolvedTarget {
    const query = std.Target.Query.parse(.{ .arch_os_abi = triple, .cpu_features = "baseline" }) catch unreachable;
    return b.resolveTargetQuery(query);
}

fn addPackaged(b: *std.Build, step: *std.Build.Step, folder: []const u8, artifact: *std.Build.Step.Compile) void {
    const install = b.addInstallArtifact(artifact, .{
        .dest_dir = .{ .override = .{ .custom = b.fmt("package/{s}", .{folder}) } },
        .implib_dir = .disabled,
        .pdb_dir = .disabled,
    });
    step.dependOn(&install.step);
}

fn addTests(
    b: *std.Build,
    test_step: *std.Build.Step,
    name: []const u8,
    test_module: *std.Build.Module,
    filters: []const []const u8,
) void {
    const tests = b.addTest(.{ .name = name, .root_module = test_module, .filters = filters, .use_llvm = true });
    const run_tests = b.addRunArtifact(tests);
    run_tests.has_side_effects = true; // The gate runs the tests each time, and counts them.
    test_step.dependOn(&run_tests.step);
}

/// Processors that QEMU's user mode emulates (`qemu-<arch> -cpu`), and the kernel that must be the best on each.
const emulated = .{
    .{
        .arch = .aarch64,
        .processors = .{
            .{ .cpu = "cortex-a53", .kernel = "neon" }, // the first generation: no vectors but NEON
        },
    },
    .{
        .arch = .x86_64,
        .processors = .{
            .{ .cpu = "qemu64", .kernel = "scalar" },
            .{ .cpu = "Nehalem", .kernel = "x86-64-v2" },
            // Without what QEMU would say that it lacks.
            .{ .cpu = "Haswell-noTSX,-pcid,-x2apic,-tsc-deadline,-invpcid", .kernel = "avx2" },
        },
    },
};

/// The tests that run on them: those of the decoders and the kernels, by the paths of their files.
const emulated_tests = [_][]const u8{
    "decoder.kernels.",
    "decoder.evt2.",
    "decoder.evt21.",
    "decoder.evt3.",
    "decoder.evt4.",
    "decoder.repeat.",
    "encoder.",
    "accumulator.",
};

/// Statically linked to musl, programs need no other machine's files.
fn emulatedTarget(b: *std.Build, arch: std.Target.Cpu.Arch) std.Build.ResolvedTarget {
    return b.resolveTargetQuery(.{ .cpu_arch = arch, .cpu_model = .baseline, .os_tag = .linux, .abi = .musl });
}

fn addEmulatedTests(b: *std.Build, filters: []const []const u8) void {
    const step = b.step("test-emulated", "Run the decoders' tests on processors that QEMU emulates (Debian's qemu-user)");
    inline for (emulated) |machine| {
        const arch = @tagName(machine.arch);
        const target = emulatedTarget(b, machine.arch);
        const test_module = module(b, "src/root.zig", target, .debug, false);
        addKernels(b, test_module, target);
        const tests = b.addTest(.{
            .name = arch,
            .root_module = test_module,
            .filters = if (filters.len > 0) filters else &emulated_tests,
            .use_llvm = true,
        });
        inline for (machine.processors) |processor| {
            const run = std.Build.Step.Run.create(b, "run test " ++ arch ++ " " ++ processor.kernel);
            run.addArgs(&.{ "qemu-" ++ arch, "-cpu", processor.cpu });
            run.addArtifactArg(tests);
            run.enableTestRunnerMode();
            run.setEnvironmentVariable("NEUROMORPHIC_DRIVERS_EXPECTED_KERNEL", processor.kernel);
            run.has_side_effects = true;
            step.dependOn(&run.step);
        }
    }
}

/// The kernels of 64-bit ARM against the specification, on any machine.
fn addNeonFuzz(b: *std.Build) void {
    const target = emulatedTarget(b, .aarch64);
    const fuzz_module = module(b, "src/fuzz_main.zig", target, .fast, false);
    addKernels(b, fuzz_module, target);
    const program = b.addExecutable(.{ .name = "fuzz-neon", .root_module = fuzz_module, .use_llvm = true });
    const run = std.Build.Step.Run.create(b, "run fuzz-neon");
    run.addArgs(&.{ "qemu-aarch64", "-cpu", "cortex-a53" });
    run.addArtifactArg(program);
    run.addPassthruArgs();
    b.step("fuzz-neon", "Compare the kernels of 64-bit ARM in QEMU (-- --words N --seed S)").dependOn(&run.step);
}

/// The kernels of x86-64 and their test as the ROM of a PC, for Bochs, which emulates AVX-512.
fn addRom(b: *std.Build) void {
    const target = b.resolveTargetQuery(.{ .cpu_arch = .x86_64, .cpu_model = .baseline, .os_tag = .freestanding, .abi = .none });
    const rom_module = b.createModule(.{
        .root_source_file = b.path("src/rom_main.zig"),
        .target = target,
        .optimize = .safe,
        .strip = true,
    });
    addKernels(b, rom_module, target);
    rom_module.addAssemblyFile(b.path("src/tools/rom/loader.S"));
    const rom = b.addExecutable(.{ .name = "kernels.rom", .root_module = rom_module, .use_llvm = true, .use_lld = true });
    rom.setLinkerScript(b.path("src/tools/rom/rom.ld"));
    const install = b.addInstallFile(rom.getEmittedBin(), "rom/kernels.rom");
    b.step("rom", "Make zig-out/rom/kernels.rom, which tests the kernels in Bochs").dependOn(&install.step);
}

/// A program, named like its step, that runs the decoder's kernels.
fn addTool(
    b: *std.Build,
    target: std.Build.ResolvedTarget,
    name: []const u8,
    root: []const u8,
    description: []const u8,
) void {
    const tool_module = module(b, root, target, .fast, false);
    addKernels(b, tool_module, target);
    const tool = b.addExecutable(.{ .name = name, .root_module = tool_module, .use_llvm = true });
    const run = b.addRunArtifact(tool);
    run.addPassthruArgs();
    b.step(name, description).dependOn(&run.step);
}

/// With Zig's safety checks. It is installed as well, for valgrind to run.
fn addStress(b: *std.Build, target: std.Build.ResolvedTarget, sanitize_thread: bool) void {
    const stress_module = module(b, "src/stress_main.zig", target, .safe, sanitize_thread);
    addKernels(b, stress_module, target);
    const stress = b.addExecutable(.{ .name = "stress-ring", .root_module = stress_module, .use_llvm = true });
    const run = b.addRunArtifact(stress);
    run.addPassthruArgs();
    b.step("stress-ring", "Read, close and fail on many threads (-- --rounds N --seed S)").dependOn(&run.step);
    const install = b.addInstallArtifact(stress, .{ .dest_dir = .{ .override = .{ .custom = "stress" } } });
    b.step("stress-ring-program", "Install the program of stress-ring").dependOn(&install.step);
}

/// `bench-decoder` for each processor that QEMU emulates, and the plugin of QEMU that counts its instructions:
/// `zig-out/instructions/`. `deno task bench:instructions` runs them.
fn addInstructionCount(b: *std.Build, target: std.Build.ResolvedTarget) void {
    const step = b.step("instructions", "Make zig-out/instructions, which counts the kernels' instructions in QEMU");
    const destination: std.Build.Step.InstallArtifact.Options.Dir = .{ .override = .{ .custom = "instructions" } };
    inline for (emulated) |machine| {
        const arch = @tagName(machine.arch);
        const tool_module = module(b, "src/bench_main.zig", emulatedTarget(b, machine.arch), .fast, false);
        addKernels(b, tool_module, emulatedTarget(b, machine.arch));
        const tool = b.addExecutable(.{ .name = arch, .root_module = tool_module, .use_llvm = true });
        step.dependOn(&b.addInstallArtifact(tool, .{ .dest_dir = destination }).step);
    }
    const plugin = b.addLibrary(.{
        .name = "instruction_count",
        .linkage = .dynamic,
        .root_module = module(b, "src/instruction_count.zig", target, .fast, false),
        .use_llvm = true,
    });
    plugin.linker_allow_shlib_undefined = true; // QEMU has the functions that it calls
    step.dependOn(&b.addInstallArtifact(plugin, .{ .dest_dir = destination }).step);
}

fn module(
    b: *std.Build,
    root: []const u8,
    target: std.Build.ResolvedTarget,
    optimize: std.builtin.Optimize,
    sanitize_thread: bool,
) *std.Build.Module {
    return b.createModule(.{
        .root_source_file = b.path(root),
        .target = target,
        .optimize = optimize,
        .link_libc = target.result.os.tag != .windows, // see src/system/heap.zig
        .sanitize_thread = sanitize_thread,
        .strip = optimize == .fast or optimize == .small,
    });
}

/// The decoder's kernels: one source, compiled for each CPU level; `src/decoder/kernels/dispatch.zig` chooses one.
const kernels = .{
    .{ .level = "x86-64-v2", .arch = .x86_64, .model = &std.Target.x86.cpu.x86_64_v2, .more = .{} },
    .{ .level = "avx2", .arch = .x86_64, .model = &std.Target.x86.cpu.x86_64_v3, .more = .{} },
    .{ .level = "avx512", .arch = .x86_64, .model = &std.Target.x86.cpu.x86_64_v4, .more = .{ .avx512vbmi, .avx512vbmi2 } },
    .{ .level = "neon", .arch = .aarch64, .model = &std.Target.aarch64.cpu.generic, .more = .{} },
};

fn addKernels(b: *std.Build, user: *std.Build.Module, target: std.Build.ResolvedTarget) void {
    inline for (kernels) |kernel| if (target.result.cpu.arch == kernel.arch) {
        var query = target.query;
        query.cpu_arch = kernel.arch;
        query.cpu_model = .{ .explicit = kernel.model };
        if (query.os_tag == .linux) { // no C library is called: one object serves each
            query.abi = .musl;
            query.glibc_version = null;
        }
        inline for (kernel.more) |feature| {
            query.cpu_features_add.addFeature(@backingInt(@as(std.Target.x86.Feature, feature)));
        }
        if (kernel.arch == .x86_64) {
            query.cpu_features_sub.addFeature(@backingInt(std.Target.x86.Feature.prefer_256_bit));
        }
        const options = b.addOptions();
        options.addOption([]const u8, "level", kernel.level);
        const object = b.addObject(.{
            .name = "kernel_" ++ kernel.level,
            .root_module = b.createModule(.{
                .root_source_file = b.path("src/kernel_object.zig"),
                .target = b.resolveTargetQuery(query),
                .optimize = .fast,
                .pic = true,
                .strip = true,
            }),
            .use_llvm = true,
        });
        object.root_module.addOptions("kernel_options", options);
        user.addObject(object);
    };
}
