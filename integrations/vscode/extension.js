// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// Gridlock in VS Code. The clangd extension remains the client of the language
// server: it is told to run Gridlock's, and findings come through it as clangd's
// own diagnostics do. What is added here is the set-up, and the lock graph, which
// is asked for over the clangd extension's connection.

"use strict";

const vscode = require("vscode");
const { pageOf } = require("./drawing.js");
const settings = require("./settings.js");

const CLANGD = "llvm-vs-code-extensions.vscode-clangd";
const PAUSE = 150; // milliseconds after the cursor has moved

function clangdSettings() {
  const section = vscode.workspace.getConfiguration("clangd");
  return { path: section.get("path") || "clangd", arguments: section.get("arguments") ?? [] };
}

/** Where the user has set clangd's path, that is changed; else the workspace, or all of it. */
function targetOf() {
  const known = vscode.workspace.getConfiguration("clangd").inspect("path");
  if (known?.workspaceFolderValue !== undefined || known?.workspaceValue !== undefined)
    return vscode.ConfigurationTarget.Workspace;
  if (known?.globalValue !== undefined || !vscode.workspace.workspaceFolders?.length)
    return vscode.ConfigurationTarget.Global;
  return vscode.ConfigurationTarget.Workspace;
}

async function setClangd(wanted) {
  const target = targetOf();
  const section = vscode.workspace.getConfiguration("clangd");
  await section.update("path", wanted.path, target);
  await section.update("arguments", wanted.arguments, target);
  await vscode.commands.executeCommand("clangd.restart");
}

async function enable() {
  await setClangd(settings.enabled(clangdSettings(), vscode.workspace.getConfiguration("gridlock").get("path")));
}

async function disable() {
  if (settings.isEnabled(clangdSettings())) await setClangd(settings.disabled(clangdSettings()));
}

async function offer() {
  if (settings.isEnabled(clangdSettings()) || !vscode.workspace.getConfiguration("gridlock").get("ask")) return;
  const answer = await vscode.window.showInformationMessage(
    "clangd runs without Gridlock. Let clangd.path name Gridlock's language server?",
    "Use Gridlock",
    "Don't Ask Again",
  );
  if (answer === "Use Gridlock") await enable();
  if (answer === "Don't Ask Again")
    await vscode.workspace.getConfiguration("gridlock").update("ask", false, vscode.ConfigurationTarget.Global);
}

/** The answer for a place in a document, or a text that says why there is none. */
async function askForGraph(document, position) {
  const extension = vscode.extensions.getExtension(CLANGD);
  if (!extension) return "The clangd extension is not installed.";
  const client = (await extension.activate())?.getApi?.(1)?.languageClient;
  if (!client) return "clangd is not running.";
  if (!client.initializeResult?.capabilities?.experimental?.gridlock?.lockGraph)
    return "clangd runs without Gridlock. Use the command 'Gridlock: Use with clangd'.";
  try {
    return await client.sendRequest("gridlock/lockGraph", {
      textDocument: { uri: client.code2ProtocolConverter.asUri(document.uri) },
      position: { line: position.line, character: position.character },
    });
  } catch (error) {
    return `There is no lock graph: ${error.message}`;
  }
}

class GraphPanel {
  /** @returns the panel, if it was opened or stays as it was: false says why not. */
  async show(editor) {
    const graph = await askForGraph(editor.document, editor.selection.active);
    if (typeof graph === "string") {
      // While the cursor moves a panel that is there keeps its last graph.
      if (!this.panel) await vscode.window.showWarningMessage(graph);
      return;
    }
    if (!this.panel) {
      this.panel = vscode.window.createWebviewPanel(
        "gridlock.lockGraph",
        "Lock Graph",
        { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
        { enableCommandUris: ["gridlock.open"], localResourceRoots: [] },
      );
      this.panel.onDidDispose(() => (this.panel = undefined));
    }
    this.panel.webview.html = pageOf(graph);
  }

  follow(editor) {
    clearTimeout(this.timer);
    if (this.panel?.visible && ["c", "cpp"].includes(editor?.document.languageId))
      this.timer = setTimeout(() => this.show(editor), PAUSE);
  }

  dispose() {
    clearTimeout(this.timer);
    this.panel?.dispose();
  }
}

async function open(location) {
  const start = new vscode.Position(location.range.start.line, location.range.start.character);
  const end = new vscode.Position(location.range.end.line, location.range.end.character);
  await vscode.window.showTextDocument(vscode.Uri.parse(location.uri), {
    viewColumn: vscode.ViewColumn.One,
    selection: new vscode.Range(start, end),
  });
}

function activate(context) {
  const panel = new GraphPanel();
  context.subscriptions.push(
    panel,
    vscode.commands.registerCommand("gridlock.showLockGraph", async () => {
      const editor = vscode.window.activeTextEditor;
      if (editor) await panel.show(editor);
      else await vscode.window.showWarningMessage("Open a C or C++ file first.");
    }),
    vscode.commands.registerCommand("gridlock.enable", enable),
    vscode.commands.registerCommand("gridlock.disable", disable),
    vscode.commands.registerCommand("gridlock.open", open),
    vscode.window.onDidChangeTextEditorSelection((event) => panel.follow(event.textEditor)),
  );
  if (vscode.workspace.isTrusted) void offer();
}

module.exports = { activate };
