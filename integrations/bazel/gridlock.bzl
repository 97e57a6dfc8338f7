# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""Gridlock in Bazel: one action a source, one that sees the whole program.

    load("@gridlock//:gridlock.bzl", "gridlock_check")

    gridlock_check(
        name = "locks",
        deps = [":program"],
    )

`bazel build :locks` fails while there are findings, and prints them; also when there
are sources that Clang does not understand, unless `strict = False`. An aspect
reads each C and C++ source of the targets below `deps` with the flags that Bazel
compiles it with, into a summary; these actions can run anywhere, and are cached as
compilations are. The last action links the summaries.
"""

load("@bazel_tools//tools/build_defs/cc:action_names.bzl", "CPP_COMPILE_ACTION_NAME", "C_COMPILE_ACTION_NAME")
load("@bazel_tools//tools/cpp:toolchain_utils.bzl", "find_cpp_toolchain")

GridlockInfo = provider(
    "What was read of a target and of all that it depends on.",
    fields = {
        "summaries": "depset of .gls files",
        "texts": "depset of the sources and headers that findings show lines of",
    },
)

_C = ["c"]
_CPP = ["cc", "cpp", "cxx", "c++", "C"]
_EDGES = ["deps", "implementation_deps", "srcs"]

def _words(ctx, flag):
    return [flag] if "no_copts_tokenization" in ctx.features else ctx.tokenize(flag)

def _summarize(target, ctx, source, toolchain, features, context):
    is_c = source.extension in _C
    attributes = ctx.rule.attr
    copts = [
        # No expansion of $(location): the sources of a build rarely need it here.
        word
        for attribute in ["copts", "conlyopts" if is_c else "cxxopts"]
        for flag in getattr(attributes, attribute, [])
        # As Bazel does, unless it is told not to.
        for word in _words(ctx, ctx.expand_make_variables(attribute, flag, {}))
    ]
    cpp = ctx.fragments.cpp
    variables = cc_common.create_compile_variables(
        feature_configuration = features,
        cc_toolchain = toolchain,
        user_compile_flags = cpp.copts + (cpp.conlyopts if is_c else cpp.cxxopts) + copts,
        include_directories = context.includes,
        quote_include_directories = context.quote_includes,
        system_include_directories = context.system_includes,
        framework_include_directories = context.framework_includes,
        preprocessor_defines = depset(
            getattr(attributes, "local_defines", []),
            transitive = [context.defines, context.local_defines],
        ),
    )
    flags = cc_common.get_memory_inefficient_command_line(
        feature_configuration = features,
        action_name = C_COMPILE_ACTION_NAME if is_c else CPP_COMPILE_ACTION_NAME,
        variables = variables,
    )
    summary = ctx.actions.declare_file("_gridlock/%s/%s.gls" % (target.label.name, source.short_path.replace("../", "up/")))
    arguments = ctx.actions.args()
    arguments.add_all(["extract", source, "-o", summary, "--relative", "--quiet", "--"])
    arguments.add_all(flags)
    ctx.actions.run(
        executable = ctx.executable._tool,
        arguments = [arguments],
        inputs = depset([source], transitive = [context.headers, toolchain.all_files]),
        outputs = [summary],
        mnemonic = "GridlockExtract",
        progress_message = "Gridlock: reading %s" % source.short_path,
    )
    return summary

def _aspect(target, ctx):
    below = []
    for edge in _EDGES:
        value = getattr(ctx.rule.attr, edge, None)
        for dependency in value if type(value) == "list" else [value] if value else []:
            if type(dependency) == "Target" and GridlockInfo in dependency:
                below.append(dependency[GridlockInfo])
    summaries = []
    texts = []  # depsets
    if CcInfo in target and hasattr(ctx.rule.files, "srcs"):
        toolchain = find_cpp_toolchain(ctx)
        features = cc_common.configure_features(
            ctx = ctx,
            cc_toolchain = toolchain,
            requested_features = ctx.features,
            unsupported_features = ctx.disabled_features + ["module_maps", "layering_check"],
        )
        context = target[CcInfo].compilation_context
        for source in ctx.rule.files.srcs:
            if source.extension in _C + _CPP:
                summaries.append(_summarize(target, ctx, source, toolchain, features, context))
        texts = [depset(ctx.rule.files.srcs), context.headers]
    return [GridlockInfo(
        summaries = depset(summaries, transitive = [info.summaries for info in below]),
        texts = depset(transitive = texts + [info.texts for info in below]),
    )]

gridlock_aspect = aspect(
    doc = "Writes a summary of every C and C++ source of a target and of what it depends on.",
    implementation = _aspect,
    attr_aspects = _EDGES,
    attrs = {
        "_tool": attr.label(default = "@gridlock//:tool", allow_single_file = True, executable = True, cfg = "exec"),
        "_cc_toolchain": attr.label(default = "@bazel_tools//tools/cpp:current_cc_toolchain"),
    },
    fragments = ["cpp"],
    toolchains = ["@bazel_tools//tools/cpp:toolchain_type"],
)

def _check(ctx):
    infos = [dependency[GridlockInfo] for dependency in ctx.attr.deps]
    summaries = depset(transitive = [info.summaries for info in infos])
    outputs = {}
    arguments = ctx.actions.args()
    arguments.add("link")
    # Unequal paths, also where several targets compile one source.
    arguments.add_all(summaries)
    for format, suffix in {"text": "txt", "sarif": "sarif"}.items():
        outputs[format] = ctx.actions.declare_file("%s.%s" % (ctx.label.name, suffix))
        arguments.add("--output", outputs[format], format = format + "=%s")
    if ctx.file.config:
        arguments.add("--config", ctx.file.config)
    if ctx.attr.strict:
        arguments.add("--strict")
    arguments.add_all(ctx.attr.options)
    ctx.actions.run(
        executable = ctx.executable._tool,
        arguments = [arguments],
        inputs = depset(
            ctx.files.config + ctx.files.data,
            transitive = [summaries] + [info.texts for info in infos],
        ),
        outputs = outputs.values(),
        mnemonic = "GridlockLink",
        progress_message = "Gridlock: the program of %s" % ctx.label,
    )
    return [
        DefaultInfo(files = depset(outputs.values())),
        OutputGroupInfo(gridlock_summaries = summaries),
    ]

gridlock_check = rule(
    doc = "Finds what is wrong in a program; fails while anything is. Each check is one program: its binary in `deps`.",
    implementation = _check,
    attrs = {
        "deps": attr.label_list(aspects = [gridlock_aspect], mandatory = True),
        "config": attr.label(allow_single_file = True, doc = "a .gridlock.yaml"),
        "data": attr.label_list(allow_files = True, doc = "files that the configuration and the options name"),
        "options": attr.string_list(doc = "more options of `gridlock link`, such as --fail-on=error"),
        "strict": attr.bool(default = True, doc = "whether it fails too when Clang does not understand a source"),
        "_tool": attr.label(default = "@gridlock//:tool", allow_single_file = True, executable = True, cfg = "exec"),
    },
)

def _tool_repository(repository):
    path = repository.attr.path or repository.which("gridlock")
    if not path:
        fail("gridlock is not in PATH; set the attribute path of gridlock_tool")
    repository.symlink(path, "gridlock")
    repository.file("BUILD.bazel", 'exports_files(["gridlock"], visibility = ["//visibility:public"])\n')

gridlock_tool = repository_rule(
    doc = "The `gridlock` that is installed here. Call it `gridlock_tool`.",
    implementation = _tool_repository,
    attrs = {"path": attr.string(doc = "of the program; by default it is looked up in PATH")},
    environ = ["PATH"],
    local = True,
)
