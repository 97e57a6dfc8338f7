# Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
# SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
"""A client of a language server, as small as can be: for measuring, where a
library would be in the way."""
import json
import queue
import subprocess
import threading
import time

CAPABILITIES = {
    "textDocument": {
        "publishDiagnostics": {"relatedInformation": True, "versionSupport": True},
        "codeAction": {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}},
    },
    "general": {"positionEncodings": ["utf-16"]},
}


class Client:
    """Every message that comes in is kept in `inbox` with the time at which it came."""

    def __init__(self, command, folder, log=subprocess.DEVNULL):
        self.process = subprocess.Popen([str(word) for word in command], cwd=folder, stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=log)
        self.folder = folder
        self.inbox = queue.Queue()
        self.number = 0
        self.versions = {}
        threading.Thread(target=self._read, daemon=True).start()
        self.request("initialize", {"processId": None, "rootUri": folder.as_uri(), "capabilities": CAPABILITIES})
        self.notify("initialized", {})

    def _read(self):
        stream = self.process.stdout
        while True:
            length = 0
            while (line := stream.readline().strip()):
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                break
            body = stream.read(length)
            self.inbox.put((time.monotonic(), json.loads(body)))
        self.inbox.put((time.monotonic(), None))

    def send(self, message):
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method, params):
        self.send({"method": method, "params": params})

    def request(self, method, params):
        self.number += 1
        self.send({"id": self.number, "method": method, "params": params})
        return self.wait(lambda message: message.get("id") == self.number and "method" not in message)[1]

    def wait(self, wanted, timeout=60):
        """The next message that is wanted, with its time. Others are dropped; requests are answered."""
        end = time.monotonic() + timeout
        while True:
            when, message = self.inbox.get(timeout=max(0.001, end - time.monotonic()))
            if message is None:
                raise EOFError("the server has gone")
            if "id" in message and "method" in message:
                self.send({"id": message["id"], "result": None})
            if wanted(message):
                return when, message

    def open(self, path):
        self.versions[path] = 1
        self.notify("textDocument/didOpen", {"textDocument": {
            "uri": path.as_uri(), "languageId": "cpp", "version": 1, "text": path.read_text(encoding="utf-8")}})

    def change(self, path, text):
        self.versions[path] += 1
        self.notify("textDocument/didChange", {
            "textDocument": {"uri": path.as_uri(), "version": self.versions[path]}, "contentChanges": [{"text": text}]})

    def diagnostics(self, path, wanted=lambda diagnostics: True, timeout=60):
        """The time of the next list for the newest text of a file that is wanted, and the list."""
        def fits(message):
            params = message.get("params", {})
            return (message.get("method") == "textDocument/publishDiagnostics" and params["uri"] == path.as_uri()
                    and params.get("version", self.versions[path]) == self.versions[path] and wanted(params["diagnostics"]))
        when, message = self.wait(fits, timeout)
        return when, message["params"]["diagnostics"]

    def stop(self):
        self.request("shutdown", None)
        self.notify("exit", None)
        return self.process.wait(timeout=30)
