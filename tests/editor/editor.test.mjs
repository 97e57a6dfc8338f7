// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What an editor sees, over the server that GRIDLOCK_EDITOR_SERVER names (a JSON
// list of words).

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ours, QUIET_CLANGD, Session } from "./session.mjs";

const server = JSON.parse(process.env.GRIDLOCK_EDITOR_SERVER);
const tool = process.env.GRIDLOCK_TOOL;

const shared = `#pragma once
#include <mutex>
extern std::mutex first, second;
void a();
`;
// The characters take two bytes and one unit, and four bytes and two units.
const one = `#include "shared.h"
void a() {
  std::lock_guard<std::mutex> x(first);
  /* ä𝄞 */ std::lock_guard<std::mutex> y(second);
}
`;
const two = `#include "shared.h"
#include <thread>
std::mutex first, second;
void b() {
  std::lock_guard<std::mutex> x(second);
  std::lock_guard<std::mutex> y(first);
}
int main() {
  std::thread t(a), u(b);
  t.join();
  u.join();
}
`;
const isDeadlock = (diagnostics) => ours(diagnostics).some((found) => found.code === "lock-order-inversion");
const isQuiet = (diagnostics) => ours(diagnostics).length === 0;

function project(withDatabase = true) {
  const session = new Session(server, { "shared.h": shared, "one.cpp": one, "two.cpp": two });
  if (withDatabase)
    session.write(
      "compile_commands.json",
      JSON.stringify(
        ["one.cpp", "two.cpp"].map((file) => ({
          directory: session.folder,
          file,
          arguments: ["c++", "-std=c++20", "-c", file],
        })),
      ),
    );
  return session;
}

async function within(session, steps) {
  try {
    await steps();
  } finally {
    session.discard();
  }
}

test("a deadlock through two files comes and goes while typing", async () => {
  const session = project();
  await within(session, async () => {
    const answer = await session.start();
    assert.deepEqual(answer.capabilities.experimental.gridlock, { lockGraph: true });
    await session.open("one.cpp", one);
    const [found] = ours(await session.diagnostics("one.cpp", isDeadlock, "deadlock"));
    const line = one.split("\n")[3];
    assert.equal(found.range.start.line, 3);
    assert.equal(found.range.start.character, line.indexOf("y(second)"));
    const places = found.relatedInformation.map((step) => step.location.uri);
    assert.ok(places.includes(session.uri("one.cpp")) && places.includes(session.uri("two.cpp")), places.join());
    assert.match(found.relatedInformation[0].message, /Thread 1/);

    // A line above: the finding moves with the text.
    await session.edit("one.cpp", [
      { range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }, newText: "// more\n" },
    ]);
    const [moved] = ours(await session.diagnostics("one.cpp", isDeadlock, "deadlock after a line was put in"));
    assert.equal(moved.range.start.line, 4);

    // The same order in both files.
    await session.replace("one.cpp", "x(first)", "x(second)");
    await session.replace("one.cpp", "y(second)", "y(first)");
    await session.diagnostics("one.cpp", isQuiet, "silence");
    await session.replace("one.cpp", "y(first)", "y(second)");
    await session.replace("one.cpp", "x(second)", "x(first)");
    await session.diagnostics("one.cpp", isDeadlock, "deadlock once more");
    assert.equal(await session.stop(), 0);
  });
});

test("the other file shows its part, and unsaved text counts in both", async () => {
  const session = project();
  await within(session, async () => {
    await session.start();
    await session.open("two.cpp", two);
    const [found] = ours(await session.diagnostics("two.cpp", isDeadlock, "deadlock"));
    assert.equal(found.range.start.line, 5);
    await session.open("one.cpp", one);
    await session.diagnostics("one.cpp", isDeadlock, "deadlock");
    await session.replace("one.cpp", "x(first)", "x(second)");
    await session.replace("one.cpp", "y(second)", "y(first)");
    await session.diagnostics("one.cpp", isQuiet, "silence");
    await session.diagnostics("two.cpp", isQuiet, "silence in the file that was not edited");
    // Closed without saving: the disk counts again.
    await session.close("one.cpp");
    await session.diagnostics("two.cpp", isDeadlock, "deadlock of the files on disk");
    assert.equal(await session.stop(), 0);
    // And nothing of what was typed has come into the cache.
    const checked = spawnSync(tool, ["check", "-p", session.folder, "--format", "json"], { encoding: "utf-8" });
    assert.equal(checked.status, 1, checked.stderr);
    assert.ok(existsSync(join(session.folder, ".gridlock-cache")));
  });
});

test("a header that is edited and not saved counts in the files that include it", async () => {
  const session = project();
  await within(session, async () => {
    // Its name comes before that of the source, and its text decides.
    const header = "#pragma once\n#include <mutex>\ninline std::mutex m;\ninline void both() {\n  std::lock_guard<std::mutex> x(m);\n}\n";
    const source = '#include "a.h"\nvoid f() {\n  std::lock_guard<std::mutex> y(m);\n}\n';
    session.write("a.h", header);
    session.write("b.cpp", source);
    session.write(
      "compile_commands.json",
      JSON.stringify([{ directory: session.folder, file: "b.cpp", arguments: ["c++", "-std=c++20", "-c", "b.cpp"] }]),
    );
    await session.start();
    await session.open("b.cpp", source);
    await session.diagnostics("b.cpp", isQuiet, "silence");
    await session.open("a.h", header);
    await session.replace("a.h", "x(m);\n", "x(m);\n  std::lock_guard<std::mutex> z(m);\n");
    await session.diagnostics("a.h", (found) => !isQuiet(found), "finding in the header");
    await session.replace("b.cpp", "y(m);\n", "y(m);\n  both();\n");
    const isInSource = (found) => ours(found).some((each) => each.range.start.line === 3);
    await session.diagnostics("b.cpp", isInSource, "finding in the source");
    assert.ok(!isQuiet(session.documents.get("a.h").diagnostics), "the header's finding is gone");
    assert.equal(await session.stop(), 0);
  });
});

test("a quick fix is offered, and does what it says", async () => {
  const session = project();
  await within(session, async () => {
    await session.start();
    await session.open("one.cpp", one);
    const [found] = ours(await session.diagnostics("one.cpp", isDeadlock, "deadlock"));
    const actions = await session.actions("one.cpp", found.range);
    const fix = actions.find((action) => /NOLINT\(gridlock-lock-order-inversion\)/.test(action.title));
    assert.ok(fix, JSON.stringify(actions));
    assert.equal(fix.kind, "quickfix");
    assert.equal(fix.diagnostics[0].code, "lock-order-inversion");
    const elsewhere = { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } };
    assert.deepEqual(((await session.actions("one.cpp", elsewhere)) ?? []).filter((a) => /gridlock/.test(a.title)), []);
    await session.edit("one.cpp", fix.edit.changes[session.uri("one.cpp")]);
    assert.match(session.documents.get("one.cpp").text, /y\(second\); \/\/ NOLINT\(gridlock-lock-order-inversion\)\n/);
    await session.diagnostics("one.cpp", isQuiet, "silence after the fix");
    assert.equal(await session.stop(), 0);
  });
});

test("the lock graph around the cursor", async () => {
  const session = project();
  await within(session, async () => {
    await session.start();
    await session.open("one.cpp", one);
    await session.diagnostics("one.cpp", isDeadlock, "deadlock");
    const graph = await session.connection.sendRequest("gridlock/lockGraph", {
      textDocument: { uri: session.uri("one.cpp") },
      position: { line: 2, character: 0 },
    });
    assert.deepEqual(graph.locks, ["first", "second"]);
    assert.deepEqual(graph.orders.map((order) => [order.from, order.to, order.function]).sort(), [
      ["first", "second", "a"],
      ["second", "first", "b"],
    ]);
    assert.equal(graph.orders.find((order) => order.function === "b").taken.uri, session.uri("two.cpp"));
    assert.match(graph.dot, /"first" -> "second"/);
    await assert.rejects(session.connection.sendRequest("gridlock/lockGraph", { textDocument: { uri: "file:///no" } }));
    assert.equal(await session.stop(), 0);
  });
});

test("half-written code keeps the finding beside the compiler's errors", async () => {
  const session = project();
  await within(session, async () => {
    await session.start();
    await session.open("one.cpp", one);
    await session.diagnostics("one.cpp", isDeadlock, "deadlock");
    const end = { line: 5, character: 0 };
    await session.edit("one.cpp", [{ range: { start: end, end }, newText: "int broken = ;\n" }]);
    const both = await session.diagnostics(
      "one.cpp",
      (found) => isDeadlock(found) && found.some((one) => one.source === "clang"),
      "deadlock and error",
    );
    assert.equal(both.find((one) => one.source === "clang").range.start.line, 5);
    assert.equal(await session.stop(), 0);
  });
});

test("without a compilation database a file is analysed alone", async () => {
  const session = project(false);
  await within(session, async () => {
    session.write("compile_flags.txt", "-std=c++20\n");
    await session.start();
    const alone = `std::mutex first, second;\n${one.replace("y(second);\n", "y(second);\n  std::lock_guard<std::mutex> z(first);\n")}`;
    await session.open("one.cpp", alone.replace(/^(.*\n)(.*\n)/, "$2$1"));
    const [found] = ours(await session.diagnostics("one.cpp", (all) => !isQuiet(all), "finding"));
    assert.equal(found.code, "lock-self-deadlock");
    assert.equal(await session.stop(), 0);
  });
});

test("a step in another open file moves with that file's text", async () => {
  const session = project();
  await within(session, async () => {
    await session.start();
    await session.open("one.cpp", one);
    await session.open("two.cpp", two);
    await session.diagnostics("two.cpp", isDeadlock, "deadlock");
    const stepLines = (diagnostics) =>
      ours(diagnostics).flatMap((found) =>
        found.relatedInformation
          .filter((step) => step.location.uri === session.uri("two.cpp"))
          .map((step) => step.location.range.start.line),
      );
    const before = stepLines(await session.diagnostics("one.cpp", isDeadlock, "deadlock"));
    assert.ok(before.includes(5), before.join());
    // The half-written line keeps the new text from being analysed.
    const start = { line: 0, character: 0 };
    await session.edit("two.cpp", [{ range: { start, end: start }, newText: "int broken = ;\n" }]);
    const after = await session.diagnostics("one.cpp", (found) => stepLines(found).includes(6), "step moved down");
    assert.deepEqual(stepLines(after), before.map((line) => line + 1));
    // What stood in the changed line itself says so.
    await session.replace("two.cpp", "y(first)", "z(first)");
    const isSaid = (found) =>
      ours(found).some((one) => one.relatedInformation.some((step) => /this line has changed since/.test(step.message)));
    await session.diagnostics("one.cpp", isSaid, "step whose line has changed");
    assert.equal(await session.stop(), 0);
  });
});

test("the settings of clang-tidy and clangd turn rules off", async () => {
  const session = project();
  await within(session, async () => {
    session.write(".clang-tidy", "Checks: '-*,gridlock-*,-gridlock-lock-order-inversion'\n");
    await session.start();
    const both = one.replace("y(second);\n", "y(second);\n  std::lock_guard<std::mutex> z(first);\n");
    await session.open("one.cpp", both);
    const found = await session.diagnostics("one.cpp", (all) => !isQuiet(all), "finding");
    assert.deepEqual([...new Set(ours(found).map((each) => each.code))], ["lock-self-deadlock"]);
    // The files are read again for every result.
    session.write(".clang-tidy", "Checks: '-*,bugprone-*'\n");
    session.write(".clangd", QUIET_CLANGD + "Diagnostics:\n  ClangTidy:\n    Remove: [gridlock-lock-self-deadlock]\n");
    await session.replace("one.cpp", "z(first);\n", "z(first);  \n");
    const rest = await session.diagnostics("one.cpp", isDeadlock, "the other rule");
    assert.ok(!ours(rest).some((each) => each.code === "lock-self-deadlock"), JSON.stringify(rest));
    // Each is said once.
    assert.equal(rest.filter((each) => /lock-order-inversion/.test(JSON.stringify(each.code))).length, 1);
    assert.equal(await session.stop(), 0);
  });
});

test("a URI that escapes other characters than the server does", async () => {
  const session = project();
  await within(session, async () => {
    const folder = "a+b (c)";
    session.write(`${folder}/shared.h`, shared);
    session.write(`${folder}/one.cpp`, one);
    await session.start();
    const name = `${folder}/one.cpp`;
    const uri = `file://${session.folder}/a+b%20(c)/one.cpp`;
    const text = one
      .replace("void a() {", "std::mutex first, second;\nvoid a() {\n  int unused;")
      .replace("y(second);\n", "y(second);\n  std::lock_guard<std::mutex> z(first);\n");
    session.write(`${folder}/compile_flags.txt`, "-std=c++20\n-Wall\n");
    await session.open(name, text, uri);
    // One list holds both; two would replace each other in the editor.
    const isBoth = (all) => !isQuiet(all) && all.some((each) => /unused/i.test(each.message));
    await session.diagnostics(name, isBoth, "list with both");
    assert.deepEqual([...session.published.keys()].filter((key) => /one\.cpp/.test(key)), [uri]);
    assert.equal(await session.stop(), 0);
  });
});

if (server.length === 1)
  test("clangd knows the rules' names in its own settings", async () => {
    const session = project();
    await within(session, async () => {
      const rules = "[gridlock-lock-order-inversion, no-such-check]";
      session.write(".clangd", `${QUIET_CLANGD}Diagnostics:\n  ClangTidy:\n    Add: ${rules}\n    Remove: ${rules}\n`);
      await session.start();
      await session.open("one.cpp", one);
      const complaints = await session.until(
        () => session.published.get(session.uri(".clangd")),
        (found) => found.some((each) => /no-such-check/.test(each.message)),
        "complaint of the name that is none",
      );
      assert.ok(!complaints.some((each) => /gridlock/.test(each.message)), JSON.stringify(complaints));
      assert.equal(await session.stop(), 0);
    });
  });
