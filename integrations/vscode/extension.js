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

// What is remembered of the settings as they were, for each place that settings are kept in.
const BEFORE = "clangd.before.";

/** clangd's settings as they hold in the first folder: where there are several, one clangd runs for all. */
function clangdSection() {
  return vscode.workspace.getConfiguration("clangd", vscode.workspace.workspaceFolders?.[0]?.uri);
}

function clangdSettings() {
  const section = clangdSection();
  return { path: section.get("path") || "clangd", arguments: section.get("arguments") ?? [] };
}

/**
 * Where the settings are changed, both of them: what runs and its arguments only make
 * sense together, and other workspaces shall not meet one without the other. It is the
 * innermost place where the user has set either, for that is what counts.
 */
function targetOf() {
  const known = ["path", "arguments"].map((name) => clangdSection().inspect(name));
  const isSet = (where) => known.some((values) => values?.[where] !== undefined);
  if (isSet("workspaceFolderValue")) return vscode.ConfigurationTarget.WorkspaceFolder;
  if (isSet("workspaceValue")) return vscode.ConfigurationTarget.Workspace;
  if (isSet("globalValue") || !vscode.workspace.workspaceFolders?.length) return vscode.ConfigurationTarget.Global;
  return vscode.ConfigurationTarget.Workspace;
}

/** What is set in one place, undefined where nothing is. */
function valuesAt(target) {
  const { Global, Workspace } = vscode.ConfigurationTarget;
  const where = target === Global ? "globalValue" : target === Workspace ? "workspaceValue" : "workspaceFolderValue";
  return { path: clangdSection().inspect("path")?.[where], arguments: clangdSection().inspect("arguments")?.[where] };
}

function memoryOf(context, target) {
  return target === vscode.ConfigurationTarget.Global ? context.globalState : context.workspaceState;
}

async function setClangd(wanted, target) {
  await clangdSection().update("path", wanted.path, target);
  await clangdSection().update("arguments", wanted.arguments, target);
  await vscode.commands.executeCommand("clangd.restart");
}

async function enable(context) {
  const current = clangdSettings();
  const target = targetOf();
  const memory = memoryOf(context, target);
  const isAgain = settings.isEnabled(current);
  // Set by hand, there is nothing to remember.
  const before = isAgain ? memory.get(BEFORE + target) : { former: current.path, values: valuesAt(target) };
  const wanted = settings.enabled(current, vscode.workspace.getConfiguration("gridlock").get("path"), before?.former);
  await memory.update(BEFORE + target, before && { ...before, wrote: wanted });
  await setClangd(wanted, target);
}

async function disable(context) {
  const current = clangdSettings();
  if (!settings.isEnabled(current)) return;
  const target = targetOf();
  const memory = memoryOf(context, target);
  const before = memory.get(BEFORE + target);
  // As it was; but what the user has changed since stays as he wants it.
  const isOurs = before && settings.areEqual(current, before.wrote);
  await setClangd(isOurs ? before.values : settings.disabled(current, before?.former), target);
  await memory.update(BEFORE + target, undefined);
}

async function offer(context) {
  if (settings.isEnabled(clangdSettings()) || !vscode.workspace.getConfiguration("gridlock").get("ask")) return;
  const answer = await vscode.window.showInformationMessage(
    "clangd runs without Gridlock. Let clangd.path name Gridlock's language server?",
    "Use Gridlock",
    "Don't Ask Again",
  );
  if (answer === "Use Gridlock") await enable(context);
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
  asked = 0; // the number of the newest request

  /** Asks for the graph around the cursor and draws it, in a panel that is opened if there is none. */
  async show(editor) {
    const number = ++this.asked;
    const graph = await askForGraph(editor.document, editor.selection.active);
    if (number !== this.asked) return; // a newer answer is there, or comes
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
      this.panel.onDidDispose(() => {
        this.panel = undefined;
        this.asked++; // what is still to come must not open it again
        clearTimeout(this.timer);
      });
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
    vscode.commands.registerCommand("gridlock.enable", () => enable(context)),
    vscode.commands.registerCommand("gridlock.disable", () => disable(context)),
    vscode.commands.registerCommand("gridlock.open", open),
    vscode.window.onDidChangeTextEditorSelection((event) => panel.follow(event.textEditor)),
  );
  if (vscode.workspace.isTrusted) void offer(context);
}

module.exports = { activate };
