//===- Sarif.cpp - Findings as SARIF 2.1.0 ----------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Written for the readers there are: GitHub code scanning, the viewers for
/// VS Code and Visual Studio, and programs that merge logs. What each needs:
///
/// - Viewers show only the first thread flow of a code flow. So every thread is
///   a code flow of its own with one thread flow, and every step is in
///   `relatedLocations` too, linked from the message.
/// - GitHub uses only the first location, `primaryLocationLineHash`, and regions
///   with all four corners; it rejects what is beyond its limits.
/// - Files below the root are relative to `SRCROOT`, which is given; others are
///   `file:` URIs. A reader that ignores bases resolves the relative ones
///   against its current directory, which is the root by default.
/// - Our columns count bytes, SARIF's count UTF-16 code units: each is converted
///   with the line's text.
///
//===----------------------------------------------------------------------===//

#include "output/Writers.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Path.h"
#include <algorithm>

namespace gridlock::output {

namespace {

constexpr std::size_t MaxRelatedLocations = 1000;
constexpr std::size_t MaxDescription = 1024;
constexpr unsigned ContextLines = 3;

/// Percent-encodes all that RFC 3986 does not allow in a path.
std::string encodePath(llvm::StringRef path) {
  std::string encoded;
  for (char c : path) {
    if (llvm::isAlnum(c) || llvm::StringRef("/-._~!$&'()*+,;=@").contains(c)) {
      encoded += c;
    } else {
      encoded += '%';
      encoded += llvm::hexdigit(static_cast<unsigned char>(c) >> 4);
      encoded += llvm::hexdigit(static_cast<unsigned char>(c) & 15);
    }
  }
  // A colon before the first slash would be read as the end of a scheme; it is
  // encoded everywhere.
  return encoded;
}

/// Counts the UTF-16 code units of `bytes`; a byte that is not UTF-8 counts one.
unsigned utf16Length(llvm::StringRef bytes) {
  unsigned units = 0;
  while (!bytes.empty()) {
    const auto *start = reinterpret_cast<const llvm::UTF8 *>(bytes.data());
    unsigned length = llvm::getNumBytesForUTF8(*start);
    if (length > bytes.size() || !llvm::isLegalUTF8Sequence(start, start + length))
      length = 1;
    units += length == 4 ? 2 : 1;
    bytes = bytes.drop_front(length);
  }
  return units;
}

llvm::StringRef levelOf(Severity severity) { return toString(severity); } // The same words.

llvm::StringRef problemSeverity(Severity severity) {
  return severity == Severity::Note ? llvm::StringRef("recommendation") : llvm::StringRef(toString(severity));
}

/// `LockOrderInversion` for `lock-order-inversion`: the standard's way to name a
/// rule for people.
std::string friendlyName(llvm::StringRef id) {
  std::string name;
  for (llvm::StringRef word : llvm::split(id, '-'))
    if (!word.empty())
      name += llvm::toUpper(word.front()) + word.drop_front().str();
  return name;
}

/// The first paragraph of a rule's page, on one line, cut at GitHub's limit.
std::string firstParagraph(llvm::StringRef markdown) {
  std::string paragraph;
  for (llvm::StringRef line : llvm::split(markdown, '\n')) {
    line = line.trim();
    if (line.starts_with("#") || line.empty()) {
      if (!paragraph.empty())
        break;
      continue;
    }
    paragraph += (paragraph.empty() ? "" : " ") + line.str();
  }
  // Cutting may leave half a character; jsonText would replace it by three bytes.
  return paragraph.size() <= MaxDescription ? paragraph : paragraph.substr(0, MaxDescription - 3);
}

class SarifWriter {
public:
  SarifWriter(Findings findings, const OutputContext &context, llvm::raw_ostream &os)
      : All(findings), Context(context), Json(os, 2) {}

  void write();

private:
  void text(llvm::StringRef key, llvm::StringRef value) {
    Json.attributeObject(key, [&] { Json.attribute("text", jsonText(value)); });
  }

  unsigned column(llvm::StringRef file, unsigned line, unsigned byteColumn);
  void driver();
  void rule(const RuleInfo &rule);
  void unknownRules();
  void invocation();
  void artifactLocation(llvm::StringRef file);
  void region(const SourceLocation &location, bool withSnippet);
  void physicalLocation(const SourceLocation &location, bool withSnippet);
  /// A location object's members; `id` 0 means none.
  void location(const SourceLocation &location, llvm::StringRef message, llvm::StringRef function, std::size_t id);
  void result(const Finding &finding);
  void message(const Finding &finding);
  void codeFlow(const ThreadTrace &thread, std::size_t &id);
  void relatedLocations(const Finding &finding);
  void fix(const FixIt &fix);

  Findings All;
  const OutputContext &Context;
  llvm::json::OStream Json;
  /// Ids in the order of `tool.driver.rules`.
  std::vector<llvm::StringRef> RuleIds;
};

unsigned SarifWriter::column(llvm::StringRef file, unsigned line, unsigned byteColumn) {
  llvm::StringRef source = Context.sources.line(file, line);
  if (byteColumn == 0 || source.empty())
    return byteColumn;
  unsigned before = byteColumn - 1;
  unsigned beyond = before > source.size() ? before - source.size() : 0;
  return 1 + utf16Length(source.take_front(before)) + beyond;
}

//===----------------------------------------------------------------------===//
// The tool and its rules
//===----------------------------------------------------------------------===//

void SarifWriter::rule(const RuleInfo &rule) {
  Json.object([&] {
    Json.attribute("id", jsonText(rule.id));
    Json.attribute("name", jsonText(friendlyName(rule.id)));
    text("shortDescription", rule.title);
    std::string description = firstParagraph(rule.markdown);
    text("fullDescription", description.empty() ? rule.title : std::string_view(description));
    Json.attributeObject("help", [&] {
      llvm::StringRef page = rule.markdown.empty() ? rule.title : rule.markdown;
      Json.attribute("text", jsonText(page));
      Json.attribute("markdown", jsonText(page));
    });
    Json.attributeObject("defaultConfiguration", [&] {
      Json.attribute("enabled", rule.onByDefault);
      Json.attribute("level", levelOf(rule.severity));
    });
    Json.attributeObject("properties", [&] {
      Json.attribute("precision", llvm::StringRef(toString(rule.confidence)));
      Json.attribute("problem.severity", problemSeverity(rule.severity));
      Json.attributeArray("tags", [&] {
        Json.value("concurrency");
        if (!rule.family.empty())
          Json.value(jsonText(rule.family));
        if (!rule.cwe.empty())
          Json.value(jsonText(("external/cwe/cwe-" + llvm::Twine(rule.cwe)).str()));
      });
    });
  });
  RuleIds.push_back(rule.id);
}

/// A finding's rule that the context does not describe (a merged report) still
/// needs an entry.
void SarifWriter::unknownRules() {
  for (const Finding &finding : All) {
    if (llvm::is_contained(RuleIds, llvm::StringRef(finding.rule)))
      continue;
    RuleInfo info;
    info.id = info.title = finding.rule;
    info.severity = finding.severity;
    info.confidence = finding.confidence;
    rule(info);
  }
}

void SarifWriter::driver() {
  Json.attributeObject("tool", [&] {
    Json.attributeObject("driver", [&] {
      Json.attribute("name", "gridlock");
      if (!Context.toolVersion.empty()) {
        Json.attribute("version", jsonText(Context.toolVersion));
        Json.attribute("semanticVersion", jsonText(Context.toolVersion));
      }
      Json.attributeArray("rules", [&] {
        for (const RuleInfo &each : Context.rules)
          rule(each);
        unknownRules();
      });
    });
  });
}

void SarifWriter::invocation() {
  Json.attributeArray("invocations", [&] {
    Json.object([&] {
      Json.attribute("executionSuccessful", true);
      Json.attributeArray("toolExecutionNotifications", [&] {
        for (const std::string &note : Context.notes)
          Json.object([&] {
            text("message", note);
            Json.attribute("level", "warning");
          });
      });
    });
  });
}

//===----------------------------------------------------------------------===//
// Locations
//===----------------------------------------------------------------------===//

void SarifWriter::artifactLocation(llvm::StringRef file) {
  Json.attributeObject("artifactLocation", [&] {
    if (std::optional<llvm::StringRef> relative = pathBelowRoot(Context, file)) {
      Json.attribute("uri", encodePath(*relative));
      Json.attribute("uriBaseId", "SRCROOT");
    } else if (llvm::sys::path::is_absolute(file)) {
      Json.attribute("uri", "file://" + encodePath(file));
    } else {
      Json.attribute("uri", encodePath(file));
    }
  });
}

void SarifWriter::region(const SourceLocation &location, bool withSnippet) {
  llvm::StringRef line = Context.sources.line(location.file, location.line);
  Json.attributeObject("region", [&] {
    Json.attribute("startLine", location.line);
    if (location.column) {
      Json.attribute("startColumn", column(location.file, location.line, location.column));
      Json.attribute("endLine", location.line);
      Json.attribute("endColumn", column(location.file, location.line, endColumn(Context, location)));
    }
    if (withSnippet && location.column && location.column <= line.size())
      text("snippet", line.slice(location.column - 1, endColumn(Context, location) - 1));
  });
  if (!withSnippet || line.empty())
    return;
  unsigned first = location.line > ContextLines ? location.line - ContextLines : 1;
  unsigned last = std::min(location.line + ContextLines, Context.sources.lineCount(location.file));
  std::string excerpt;
  for (unsigned number = first; number <= last; ++number)
    excerpt += Context.sources.line(location.file, number).str() + '\n';
  Json.attributeObject("contextRegion", [&] {
    Json.attribute("startLine", first);
    Json.attribute("endLine", last);
    text("snippet", excerpt);
  });
}

void SarifWriter::physicalLocation(const SourceLocation &location, bool withSnippet) {
  Json.attributeObject("physicalLocation", [&] {
    artifactLocation(location.file);
    if (location.line)
      region(location, withSnippet);
  });
}

void SarifWriter::location(const SourceLocation &place, llvm::StringRef message, llvm::StringRef function,
                           std::size_t id) {
  Json.object([&] {
    if (id)
      Json.attribute("id", id);
    physicalLocation(place, /*withSnippet=*/false);
    if (!function.empty())
      Json.attributeArray("logicalLocations", [&] {
        Json.object([&] {
          Json.attribute("fullyQualifiedName", jsonText(function));
          Json.attribute("kind", "function");
        });
      });
    text("message", message);
  });
}

//===----------------------------------------------------------------------===//
// Results
//===----------------------------------------------------------------------===//

/// The message ends with a link to each thread's last step; without one, no
/// reader shows the related locations.
void SarifWriter::message(const Finding &finding) {
  std::string linked = finding.message;
  std::size_t id = 0;
  for (std::size_t index = 0; index < finding.threads.size(); ++index) {
    id += finding.threads[index].steps.size();
    if (finding.threads[index].steps.empty() || id > MaxRelatedLocations)
      continue;
    linked += index != 0 ? ", " : llvm::StringRef(linked).ends_with(".") ? " See " : ". See ";
    linked += "[thread " + std::to_string(index + 1) + "](" + std::to_string(id) + ')';
    if (index + 1 == finding.threads.size())
      linked += '.';
  }
  text("message", linked);
}

void SarifWriter::codeFlow(const ThreadTrace &thread, std::size_t &id) {
  Json.object([&] {
    text("message", thread.title);
    Json.attributeArray("threadFlows", [&] {
      Json.object([&] {
        text("message", thread.title);
        Json.attributeArray("locations", [&] {
          for (const TraceStep &step : thread.steps) {
            bool isEnd = &step == &thread.steps.front() || &step == &thread.steps.back();
            Json.object([&] {
              Json.attributeBegin("location");
              location(step.location, step.message, step.function, 0);
              Json.attributeEnd();
              Json.attribute("nestingLevel", step.depth);
              Json.attribute("importance", isEnd ? "essential" : "important");
              Json.attribute("executionOrder", ++id);
              if (!step.held.empty())
                Json.attributeObject("state", [&] { text("locks held", joinNames(step.held)); });
            });
          }
        });
      });
    });
  });
}

void SarifWriter::relatedLocations(const Finding &finding) {
  std::size_t id = 0;
  Json.attributeArray("relatedLocations", [&] {
    for (std::size_t index = 0; index < finding.threads.size(); ++index)
      for (const TraceStep &step : finding.threads[index].steps) {
        if (++id > MaxRelatedLocations)
          return;
        std::string message = "Thread " + std::to_string(index + 1) + ": " + step.message;
        if (!step.held.empty())
          message += " (holding " + joinNames(step.held) + ')';
        location(step.location, message, step.function, id);
      }
    for (const RelatedLocation &related : finding.related)
      if (++id <= MaxRelatedLocations)
        location(related.location, related.message, {}, id);
  });
}

void SarifWriter::fix(const FixIt &fix) {
  std::vector<llvm::StringRef> files;
  for (const TextEdit &edit : fix.edits)
    if (!llvm::is_contained(files, llvm::StringRef(edit.begin.file)))
      files.push_back(edit.begin.file);
  Json.object([&] {
    text("description", fix.title);
    Json.attributeArray("artifactChanges", [&] {
      for (llvm::StringRef file : files)
        Json.object([&] {
          artifactLocation(file);
          Json.attributeArray("replacements", [&] {
            for (const TextEdit &edit : fix.edits) {
              if (edit.begin.file != file)
                continue;
              Json.object([&] {
                Json.attributeObject("deletedRegion", [&] {
                  Json.attribute("startLine", edit.begin.line);
                  Json.attribute("startColumn", column(file, edit.begin.line, edit.begin.column));
                  Json.attribute("endLine", edit.endLine);
                  Json.attribute("endColumn", column(file, edit.endLine, edit.endColumn));
                });
                text("insertedContent", edit.replacement);
              });
            }
          });
        });
    });
  });
}

void SarifWriter::result(const Finding &finding) {
  Json.object([&] {
    Json.attribute("ruleId", jsonText(finding.rule));
    Json.attribute("ruleIndex", llvm::find(RuleIds, llvm::StringRef(finding.rule)) - RuleIds.begin());
    Json.attribute("level", levelOf(finding.severity));
    message(finding);
    Json.attributeArray("locations",
                        [&] { Json.object([&] { physicalLocation(finding.location, /*withSnippet=*/true); }); });
    if (!finding.fingerprint.empty())
      Json.attributeObject("partialFingerprints", [&] {
        Json.attribute("primaryLocationLineHash", finding.fingerprint + ":1");
        Json.attribute("gridlock/v1", finding.fingerprint);
      });
    relatedLocations(finding);
    std::size_t executionOrder = 0;
    if (!finding.threads.empty())
      Json.attributeArray("codeFlows", [&] {
        for (const ThreadTrace &thread : finding.threads)
          if (!thread.steps.empty())
            codeFlow(thread, executionOrder);
      });
    if (!finding.fixIts.empty())
      Json.attributeArray("fixes", [&] {
        for (const FixIt &each : finding.fixIts)
          fix(each);
      });
    Json.attributeArray("suppressions", [&] {
      if (isShown(finding))
        return;
      Json.object([&] {
        bool inSource = llvm::StringRef(finding.suppressedBy).starts_with("NOLINT");
        Json.attribute("kind", inSource ? "inSource" : "external");
        Json.attribute("status", "accepted");
        Json.attribute("justification", jsonText(finding.suppressedBy));
      });
    });
    Json.attributeObject("properties", [&] {
      Json.attribute("precision", llvm::StringRef(toString(finding.confidence)));
      Json.attribute("confidence", llvm::StringRef(toString(finding.confidence)));
      if (!finding.help.empty())
        Json.attribute("help", jsonText(finding.help));
      if (!finding.assumptions.empty())
        Json.attributeArray("assumptions", [&] {
          for (const std::string &assumption : finding.assumptions)
            Json.value(jsonText(assumption));
        });
    });
  });
}

void SarifWriter::write() {
  Json.object([&] {
    Json.attribute("$schema", "https://json.schemastore.org/sarif-2.1.0.json");
    Json.attribute("version", "2.1.0");
    Json.attributeArray("runs", [&] {
      Json.object([&] {
        driver();
        invocation();
        if (!Context.root.empty())
          Json.attributeObject("originalUriBaseIds", [&] {
            Json.attributeObject("SRCROOT", [&] {
              std::string root = llvm::StringRef(Context.root).rtrim('/').str() + '/';
              Json.attribute("uri", "file://" + encodePath(root));
            });
          });
        Json.attribute("columnKind", "utf16CodeUnits");
        Json.attributeArray("results", [&] {
          for (const Finding &finding : All)
            result(finding);
        });
      });
    });
  });
}

} // namespace

void writeSarif(Findings findings, const OutputContext &context, llvm::raw_ostream &os) {
  SarifWriter(findings, context, os).write();
  os << '\n';
}

} // namespace gridlock::output
