// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// What the proxy does when things go wrong.

import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { test } from "node:test";

const tool = process.env.GRIDLOCK_TOOL;
const [, , , ...server] = JSON.parse(process.env.GRIDLOCK_EDITOR_SERVER);
const framed = (message) => {
  const body = Buffer.from(typeof message === "string" ? message : JSON.stringify({ jsonrpc: "2.0", ...message }));
  return Buffer.concat([Buffer.from(`Content-Length: ${body.length}\r\n\r\n`), body]);
};
const proxy = (command, input = "") => spawnSync(tool, ["lsp-proxy", "--", ...command], { input, encoding: "utf-8" });

test("the server's exit status is passed on", () => {
  assert.equal(proxy(["sh", "-c", "exit 7"]).status, 7);
  assert.equal(proxy(["sh", "-c", "kill -9 $$"]).status, 137);
  assert.equal(proxy(["sh", "-c", "cat > /dev/null; exit 3"]).status, 3);
});

test("a server that dies ends the proxy, though the editor still listens", async () => {
  const running = spawn(tool, ["lsp-proxy", "--", "sh", "-c", "exit 5"], { stdio: ["pipe", "pipe", "ignore"] });
  running.stdin.on("error", () => {});
  assert.equal(await new Promise((resolve) => running.on("exit", resolve)), 5);
});

test("a server that is not there", () => {
  const done = proxy(["/no/such/server"]);
  assert.equal(done.status, 2);
  assert.match(done.stderr, /cannot run \/no\/such\/server: No such file or directory; name the language server/);
  assert.equal(spawnSync(tool, ["lsp-proxy", "clangd"]).status, 2);
});

test("what is not understood is passed on as it is", () => {
  // `cat` answers with what it was sent.
  const odd = ["{broken", '{"id":1}', "[1, 2]", '{"method":"textDocument/didChange","params":{}}', '"ä"', ""];
  const done = proxy(["cat"], Buffer.concat(odd.map(framed)));
  assert.equal(done.stdout, Buffer.concat(odd.map(framed)).toString());
  assert.equal(done.status, 0);
});

test("damaged headers are skipped", () => {
  const input = Buffer.concat([
    Buffer.from("nonsense\r\n\r\nContent-Length: many\r\n\r\n"),
    Buffer.from("Content-Type: x\r\n"),
    framed('{"id":1}'),
    Buffer.from("Content-Length: 100\r\n\r\ncut off"),
  ]);
  const done = proxy(["cat"], input);
  assert.equal(done.stdout, framed('{"id":1}').toString());
  assert.equal(done.status, 0);
});

test("after a length that is wrong, reading comes into step again", () => {
  const sized = (length, body) => Buffer.from(`Content-Length: ${length}\r\n\r\n${body}`);
  const after = framed('{"id":2}').toString();
  const last = (input) => proxy(["cat"], Buffer.concat(input)).stdout;
  for (const first of [
    sized(3, '{"id":1}'), // too small: the rest stands before the next header
    sized(30, '{"id":1}'), // too large: it takes the next header along
    sized(-5, '{"id":1}'),
    sized("99999999999999999999999", '{"id":1}'),
    sized(4000000000, '{"id":1}'),
    Buffer.from('{"id":1}\r\n'), // missing
    Buffer.from("Content-Length: 8\n\n{\"id\":1}"), // line ends of another system
    Buffer.from("content-length:8\r\nContent-Type: x; charset=utf-8\r\n\r\n{\"id\":1}"),
    Buffer.alloc(200_000, "x"), // a line without an end
  ]) {
    const output = last([first, framed('{"id":0}'), framed('{"id":2}'), framed('{"id":2}')]);
    assert.ok(output.endsWith(after), `${first.subarray(0, 60)}: ${output.slice(-80)}`);
  }
});

test("a message that comes in pieces", async () => {
  const running = spawn(tool, ["lsp-proxy", "--", "cat"], { stdio: ["pipe", "pipe", "ignore"] });
  let output = "";
  running.stdout.on("data", (some) => (output += some));
  const bytes = framed('{"method":"ä𝄞"}');
  for (const byte of bytes) {
    await new Promise((resolve) => running.stdin.write(Buffer.of(byte), resolve));
    await new Promise((resolve) => setImmediate(resolve));
  }
  running.stdin.end();
  assert.equal(await new Promise((resolve) => running.on("close", resolve)), 0);
  assert.equal(output, bytes.toString());
});

test("a server that dies while it is written to", async () => {
  // More than a pipe holds, to one that reads nothing.
  const running = spawn(tool, ["lsp-proxy", "--", "sh", "-c", "exec 0<&-; exit 6"], { stdio: ["pipe", "pipe", "ignore"] });
  running.stdin.on("error", () => {});
  for (let i = 0; i < 50; i++) running.stdin.write(framed({ method: "x", params: { text: "y".repeat(100_000) } }));
  running.stdin.end();
  assert.equal(await new Promise((resolve) => running.on("exit", resolve)), 6);
});

test("an editor that is gone does not kill the proxy before the server ends", async () => {
  const script = "i=0; while [ $i -lt 2000 ]; do printf 'Content-Length: 2\\r\\n\\r\\n{}'; i=$((i+1)); done; cat >/dev/null; exit 4";
  const running = spawn(tool, ["lsp-proxy", "--", "sh", "-c", script], { stdio: ["pipe", "pipe", "ignore"] });
  running.stdout.destroy();
  running.stdin.end();
  assert.deepEqual(await new Promise((resolve) => running.on("exit", (code, signal) => resolve([code, signal]))), [4, null]);
});

test("impossible changes do no harm", () => {
  const textDocument = { uri: "file:///tmp/x.cpp", version: 2 };
  const place = (line) => ({ line, character: 0 });
  const messages = [
    { id: 1, method: "initialize", params: { capabilities: {} } },
    { method: "textDocument/didOpen", params: { textDocument: { ...textDocument, languageId: "cpp", text: "int x;\n" } } },
    { method: "textDocument/didChange", params: { textDocument, contentChanges: [{ range: { start: place(9), end: place(8) }, text: "" }] } },
    { method: "textDocument/didChange", params: { textDocument, contentChanges: [{ range: 3, text: 4 }, 5] } },
    { method: "textDocument/didOpen", params: { textDocument: { uri: "untitled:1", text: "x" } } },
    { method: "textDocument/didOpen", params: { textDocument: { uri: "file:///C%3A/x.cpp", languageId: "cpp", version: 1, text: "int x;" } } },
    { method: "textDocument/didOpen", params: { textDocument: { uri: "file:///tmp/%00%zz%", languageId: "cpp", version: 1, text: "int x;" } } },
    { method: "textDocument/didOpen", params: { textDocument: { uri: "file://", languageId: "cpp", version: 1, text: "int x;" } } },
    { method: "textDocument/didOpen", params: { textDocument: 7 } },
    { method: "textDocument/didClose", params: { textDocument: { uri: "file:///not/open.cpp" } } },
    { id: 3, method: "gridlock/lockGraph", params: { textDocument: { uri: "file:///C%3A/x.cpp" }, position: { line: -7, character: 1e300 } } },
    { id: 4, method: "gridlock/lockGraph" },
    { method: "gridlock/lockGraph", params: {} },
    { id: 2, method: "shutdown" },
    { method: "exit" },
  ];
  const done = proxy(server, Buffer.concat(messages.map(framed)));
  assert.match(done.stderr, /a change of \/tmp\/x\.cpp does not fit its text/);
  assert.match(done.stdout, /"id":2/);
  assert.equal(done.status, 0, done.stderr);
});
