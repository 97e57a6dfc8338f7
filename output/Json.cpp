//===- Json.cpp - Findings for programs -------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The document that docs/json.md describes, one object a finding, and the same
/// objects one a line. Keys are never renamed or removed within a `version`;
/// JsonReader.cpp reads them back.
///
//===----------------------------------------------------------------------===//

#include "output/Writers.h"

namespace gridlock::output {

namespace {

class FindingWriter {
public:
  FindingWriter(const OutputContext &context, llvm::json::OStream &json) : Context(context), Json(json) {}

  void write(const Finding &finding);

private:
  void text(llvm::StringRef key, llvm::StringRef value) { Json.attribute(key, jsonText(value)); }
  void texts(llvm::StringRef key, llvm::ArrayRef<std::string> values) {
    Json.attributeArray(key, [&] {
      for (const std::string &value : values)
        Json.value(jsonText(value));
    });
  }
  void location(const SourceLocation &location);
  void thread(const ThreadTrace &thread);
  void fixIt(const FixIt &fix);

  const OutputContext &Context;
  llvm::json::OStream &Json;
};

void FindingWriter::location(const SourceLocation &location) {
  Json.attributeObject("location", [&] {
    text("file", shownPath(Context, location.file));
    Json.attribute("line", location.line);
    Json.attribute("column", location.column);
    Json.attribute("endColumn", location.endColumn);
    if (!location.macro.empty())
      text("macro", location.macro);
  });
}

void FindingWriter::thread(const ThreadTrace &thread) {
  Json.object([&] {
    text("title", thread.title);
    Json.attributeArray("steps", [&] {
      for (const TraceStep &step : thread.steps)
        Json.object([&] {
          location(step.location);
          text("message", step.message);
          texts("held", step.held);
          Json.attribute("depth", step.depth);
          text("function", step.function);
        });
    });
  });
}

void FindingWriter::fixIt(const FixIt &fix) {
  Json.object([&] {
    text("title", fix.title);
    Json.attribute("safe", fix.safe);
    Json.attributeArray("edits", [&] {
      for (const TextEdit &edit : fix.edits)
        Json.object([&] {
          text("file", shownPath(Context, edit.begin.file));
          Json.attribute("line", edit.begin.line);
          Json.attribute("column", edit.begin.column);
          Json.attribute("endLine", edit.endLine);
          Json.attribute("endColumn", edit.endColumn);
          text("replacement", edit.replacement);
        });
    });
  });
}

void FindingWriter::write(const Finding &finding) {
  Json.object([&] {
    text("rule", finding.rule);
    text("message", finding.message);
    text("help", finding.help);
    Json.attribute("severity", llvm::StringRef(toString(finding.severity)));
    Json.attribute("confidence", llvm::StringRef(toString(finding.confidence)));
    text("fingerprint", finding.fingerprint);
    location(finding.location);
    Json.attributeArray("threads", [&] {
      for (const ThreadTrace &each : finding.threads)
        thread(each);
    });
    Json.attributeArray("related", [&] {
      for (const RelatedLocation &related : finding.related)
        Json.object([&] {
          location(related.location);
          text("message", related.message);
        });
    });
    Json.attributeArray("fixIts", [&] {
      for (const FixIt &fix : finding.fixIts)
        fixIt(fix);
    });
    Json.attributeArray("cycle", [&] {
      for (const CycleEdge &edge : finding.cycle)
        Json.object([&] {
          text("from", edge.from);
          text("to", edge.to);
          Json.attribute("thread", edge.thread);
        });
    });
    texts("identity", finding.identity);
    texts("assumptions", finding.assumptions);
    if (!finding.suppressedBy.empty())
      text("suppressedBy", finding.suppressedBy);
  });
}

} // namespace

void writeJson(Findings findings, const OutputContext &context, llvm::raw_ostream &os) {
  llvm::json::OStream json(os, /*IndentSize=*/2);
  FindingWriter writer(context, json);
  auto writeThose = [&](llvm::StringRef key, bool shown) {
    json.attributeArray(key, [&] {
      for (const Finding &finding : findings)
        if (isShown(finding) == shown)
          writer.write(finding);
    });
  };
  json.object([&] {
    json.attribute("version", 1);
    json.attributeObject("tool", [&] {
      json.attribute("name", "gridlock");
      json.attribute("version", jsonText(context.toolVersion));
    });
    json.attribute("root", jsonText(context.root));
    writeThose("findings", true);
    writeThose("suppressed", false);
    json.attributeArray("notes", [&] {
      for (const std::string &note : context.notes)
        json.value(jsonText(note));
    });
  });
  os << '\n';
}

void writeJsonLines(Findings findings, const OutputContext &context, llvm::raw_ostream &os) {
  for (const Finding &finding : findings) {
    if (!isShown(finding))
      continue;
    llvm::json::OStream json(os);
    FindingWriter(context, json).write(finding);
    json.flush();
    os << '\n';
  }
}

} // namespace gridlock::output
