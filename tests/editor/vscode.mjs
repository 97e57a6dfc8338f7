// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

// As much of VS Code's interface as the extension uses. It records what the
// extension does; it is not VS Code.

import Module, { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

class Position {
  constructor(line, character) {
    Object.assign(this, { line, character });
  }
}

const DEFAULTS = { "clangd.path": "clangd", "clangd.arguments": [], "gridlock.path": "gridlock-clangd", "gridlock.ask": true };

/** What an extension may keep; as in VS Code it is JSON. */
class Memory {
  kept = new Map();

  get(name) {
    return this.kept.has(name) ? JSON.parse(this.kept.get(name)) : undefined;
  }

  async update(name, value) {
    if (value === undefined) this.kept.delete(name);
    else this.kept.set(name, JSON.stringify(value));
  }
}

export class Editor {
  /**
   * @param settings the user's own; those of the workspace and of its folder: `inner`
   * @param languageClient what the clangd extension gives out; undefined: that is not installed
   */
  constructor(settings, languageClient, inner = {}) {
    this.levels = [DEFAULTS, { ...settings }, { ...inner.workspace }, { ...inner.folder }]; // by ConfigurationTarget
    this.globalState = new Memory();
    this.workspaceState = new Memory();
    this.changes = [];
    this.executed = [];
    this.messages = [];
    this.panels = [];
    this.shown = [];
    this.commands = new Map();
    this.answer = undefined; // to the next question
    this.client = languageClient;
    this.subscriptions = [];
    this.selectionListeners = [];
  }

  /** The settings that hold. */
  get settings() {
    return Object.assign({}, ...this.levels);
  }

  section(prefix, scope) {
    return {
      get: (name) => this.settings[`${prefix}.${name}`],
      inspect: (name) => {
        const [defaultValue, globalValue, workspaceValue, workspaceFolderValue] = this.levels.map((level) => level[`${prefix}.${name}`]);
        return { defaultValue, globalValue, workspaceValue, workspaceFolderValue };
      },
      update: async (name, value, target) => {
        if (target === 3 && !scope) throw new Error("Unable to write to Folder Settings because no resource is provided.");
        if (value === undefined) delete this.levels[target][`${prefix}.${name}`];
        else this.levels[target][`${prefix}.${name}`] = value;
        this.changes.push([`${prefix}.${name}`, value, target]);
      },
    };
  }

  panel(type, title, column, options) {
    const panel = { type, title, column, options, visible: true, webview: { html: "" }, closed: [] };
    panel.onDidDispose = (listener) => panel.closed.push(listener);
    panel.dispose = () => panel.closed.forEach((listener) => listener());
    this.panels.push(panel);
    return panel;
  }

  module() {
    const ask = async (text, ...choices) => {
      this.messages.push(text);
      return choices.includes(this.answer) ? this.answer : undefined;
    };
    return {
      Position,
      Range: class {
        constructor(start, end) {
          Object.assign(this, { start, end });
        }
      },
      Uri: { parse: (text) => ({ fsPath: fileURLToPath(text), toString: () => text }) },
      ViewColumn: { One: 1, Beside: -2 },
      ConfigurationTarget: { Global: 1, Workspace: 2, WorkspaceFolder: 3 },
      workspace: {
        isTrusted: true,
        workspaceFolders: [{ uri: { toString: () => "file:///folder" } }],
        getConfiguration: (prefix, scope) => this.section(prefix, scope),
      },
      extensions: {
        getExtension: (name) =>
          name === "llvm-vs-code-extensions.vscode-clangd" && this.client !== undefined
            ? { activate: async () => ({ getApi: (version) => (version === 1 ? { languageClient: this.client } : undefined) }) }
            : undefined,
      },
      commands: {
        registerCommand: (name, run) => {
          this.commands.set(name, run);
          return { dispose: () => this.commands.delete(name) };
        },
        executeCommand: async (...words) => this.executed.push(words),
      },
      window: {
        activeTextEditor: this.active,
        showInformationMessage: ask,
        showWarningMessage: ask,
        createWebviewPanel: (...words) => this.panel(...words),
        onDidChangeTextEditorSelection: (listener) => {
          this.selectionListeners.push(listener);
          return { dispose() {} };
        },
        showTextDocument: async (uri, options) => this.shown.push([uri, options]),
      },
    };
  }

  /** Loads the extension as VS Code does: what its package.json calls `main`, with `vscode` given. */
  async activate(folder) {
    const require = createRequire(`${folder}/package.json`);
    const given = this.module();
    const load = Module._load;
    Module._load = (request, ...rest) => (request === "vscode" ? given : load(request, ...rest));
    try {
      const main = require.resolve(require("./package.json").main);
      delete require.cache[main];
      require(main).activate(this);
    } finally {
      Module._load = load;
    }
    await new Promise((resolve) => setImmediate(resolve)); // for what was begun
  }

  run(name, ...words) {
    return this.commands.get(name)(...words);
  }
}

/** An open document with the cursor somewhere. */
export function editorAt(uri, line, languageId = "cpp") {
  return { document: { uri: { toString: () => uri }, languageId }, selection: { active: new Position(line, 0) } };
}
