// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What an editor sees, over the server that GRIDLOCK_EDITOR_SERVER names (a JSON
// list of words).

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { ours, Session } from "./session.mjs";

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
