// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// An editor as the tests need one: a connection of VS Code's own library, a
// folder of files, and the newest diagnostics of each.

import { spawn } from "node:child_process";
import { mkdtempSync, mkdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { pathToFileURL } from "node:url";

// The packages are installed in the build tree.
const require = createRequire(join(process.env.GRIDLOCK_EDITOR_PACKAGES, "package.json"));
const rpc = require("vscode-jsonrpc/node");
const lsp = require("vscode-languageserver-protocol/node");

const PATIENCE = 240_000; // milliseconds; a busy machine parses slowly

// No work of clangd that nobody here asks for, and that delays its end.
export const QUIET_CLANGD = "Index:\n  Background: Skip\n  StandardLibrary: No\n";

export class Session {
  constructor(command, files) {
    this.folder = realpathSync(mkdtempSync(join(tmpdir(), "gridlock-editor-")));
    this.write(".clangd", QUIET_CLANGD);
    for (const [name, text] of Object.entries(files)) this.write(name, text);
    this.command = command;
    this.documents = new Map();
    this.published = new Map(); // the newest list of every file, open or not
    this.waiting = [];
  }

  write(name, text) {
    const path = join(this.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }

  uri(name) {
    return pathToFileURL(join(this.folder, name)).toString();
  }

  async start(capabilities = {}) {
    this.process = spawn(this.command[0], this.command.slice(1), { cwd: this.folder, stdio: ["pipe", "pipe", "pipe"] });
    this.log = "";
    this.process.stderr.on("data", (some) => (this.log += some));
    this.ended = new Promise((resolve) => this.process.on("exit", (code, signal) => resolve(signal ?? code)));
    this.connection = rpc.createMessageConnection(
      new rpc.StreamMessageReader(this.process.stdout),
      new rpc.StreamMessageWriter(this.process.stdin),
    );
    this.connection.onNotification(lsp.PublishDiagnosticsNotification.type, (published) => this.take(published));
    this.connection.onRequest(() => null);
    this.connection.listen();
    const answer = await this.connection.sendRequest(lsp.InitializeRequest.type, {
      processId: process.pid,
      rootUri: pathToFileURL(this.folder).toString(),
      workspaceFolders: null,
      capabilities: {
        textDocument: {
          publishDiagnostics: { relatedInformation: true, versionSupport: true },
          codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } } },
        },
        ...capabilities,
      },
    });
    await this.connection.sendNotification(lsp.InitializedNotification.type, {});
    return answer;
  }

  take(published) {
    this.published.set(published.uri, published.diagnostics);
    for (const document of this.documents.values())
      if (document.uri === published.uri && (published.version ?? document.version) === document.version)
        document.diagnostics = published.diagnostics;
    this.waiting = this.waiting.filter((look) => !look());
  }

  async open(name, text, uri = this.uri(name)) {
    const document = { uri, version: 1, text, diagnostics: undefined };
    this.documents.set(name, document);
    await this.connection.sendNotification(lsp.DidOpenTextDocumentNotification.type, {
      textDocument: { uri: document.uri, languageId: "cpp", version: 1, text },
    });
  }

  offset(text, position) {
    let start = 0;
    for (let line = 0; line < position.line; line++) start = text.indexOf("\n", start) + 1;
    return start + position.character; // JavaScript counts UTF-16 too
  }

  // Edits are sent as an editor sends them: what was typed, and where.
  async edit(name, edits) {
    const document = this.documents.get(name);
    document.version++;
    document.diagnostics = undefined;
    for (const { range, newText } of edits)
      document.text =
        document.text.slice(0, this.offset(document.text, range.start)) +
        newText +
        document.text.slice(this.offset(document.text, range.end));
    await this.connection.sendNotification(lsp.DidChangeTextDocumentNotification.type, {
      textDocument: { uri: document.uri, version: document.version },
      contentChanges: edits.map(({ range, newText }) => ({ range, text: newText })),
    });
  }

  // Replaces the only occurrence of some text.
  async replace(name, before, after) {
    const text = this.documents.get(name).text;
    const at = text.indexOf(before);
    if (at < 0 || text.indexOf(before, at + 1) >= 0) throw new Error(`'${before}' is not there once`);
    const position = (offset) => {
      const lines = text.slice(0, offset).split("\n");
      return { line: lines.length - 1, character: lines.at(-1).length };
    };
    await this.edit(name, [{ range: { start: position(at), end: position(at + before.length) }, newText: after }]);
  }

  async close(name) {
    const document = this.documents.get(name);
    this.documents.delete(name);
    await this.connection.sendNotification(lsp.DidCloseTextDocumentNotification.type, {
      textDocument: { uri: document.uri },
    });
  }

  // Waits until the diagnostics of the newest text are as wanted.
  diagnostics(name, wanted, what) {
    return this.until(() => this.documents.get(name).diagnostics, wanted, what);
  }

  // Waits until what `last` gives after some message is as wanted.
  until(last, wanted, what) {
    return new Promise((resolve, reject) => {
      const look = () => {
        const found = last();
        if (found === undefined || !wanted(found)) return false;
        clearTimeout(timer);
        resolve(found);
        return true;
      };
      const timer = setTimeout(
        () => reject(new Error(`no ${what}; last: ${JSON.stringify(last())}\n${this.log}`)),
        PATIENCE,
      );
      if (!look()) this.waiting.push(look);
    });
  }

  actions(name, range) {
    return this.connection.sendRequest(lsp.CodeActionRequest.type, {
      textDocument: { uri: this.uri(name) },
      range,
      context: { diagnostics: this.documents.get(name).diagnostics },
    });
  }

  async stop() {
    await this.connection.sendRequest(lsp.ShutdownRequest.type);
    await this.connection.sendNotification(lsp.ExitNotification.type);
    const status = await this.ended;
    this.connection.dispose();
    return status;
  }

  discard() {
    this.process?.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export const ours = (diagnostics) => diagnostics.filter((diagnostic) => diagnostic.source === "gridlock");
