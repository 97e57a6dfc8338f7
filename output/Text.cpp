//===- Text.cpp - Findings for people at a terminal -------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// One finding is one block:
///
///   file:line:col: severity: message [rule]     (as GCC prints it)
///      12 |   source line
///         |   ^~~~~~
///     Thread 1: started at main.cpp:12 (`worker`)
///       file:line:col   what happens     {locks held}
///     help: ...
///     assumes: ...
///     confidence: medium
///
/// Only the first line starts in column 0, so tools that look for GCC's form
/// find each finding once. Steps are indented by call depth. A long trace keeps
/// its first and last steps and each one at which the locks held change; runs
/// of others are folded to one line that says how many there are.
///
//===----------------------------------------------------------------------===//

#include "output/CodeFrame.h"
#include "output/Writers.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/WithColor.h"
#include <algorithm>

namespace gridlock::output {

namespace {

using llvm::raw_ostream;

constexpr unsigned MaxPlaceWidth = 40;
constexpr std::size_t LongTrace = 16;
constexpr std::size_t KeptAtStart = 3;
constexpr std::size_t KeptAtEnd = 4;
constexpr std::size_t ShortestFold = 3;

class TextWriter {
public:
  TextWriter(const OutputContext &context, raw_ostream &os) : Context(context), Stream(os) {}

  void write(const Finding &finding);

private:
  /// Runs `print` with the stream in a colour, when colours are wanted.
  template <typename Print> void colored(raw_ostream::Colors color, bool bold, Print print) {
    llvm::WithColor scope(Stream, color, bold, /*BG=*/false,
                          Context.color ? llvm::ColorMode::Enable : llvm::ColorMode::Disable);
    print(scope.get());
  }
  void put(raw_ostream::Colors color, bool bold, llvm::StringRef text) {
    colored(color, bold, [&](raw_ostream &os) { os << text; });
  }

  void writeHeadline(const Finding &finding);
  void writeFrame(const SourceLocation &location, llvm::StringRef indent);
  void writeThread(const ThreadTrace &thread, std::size_t placeWidth);
  void writeStep(const TraceStep &step, std::size_t placeWidth);
  void writeLabelled(llvm::StringRef label, llvm::StringRef text);

  const OutputContext &Context;
  raw_ostream &Stream;
};

raw_ostream::Colors colorOf(Severity severity) {
  switch (severity) {
  case Severity::Error:
    return raw_ostream::RED;
  case Severity::Warning:
    return raw_ostream::MAGENTA;
  case Severity::Note:
    break;
  }
  return raw_ostream::CYAN;
}

/// For every step whether it is printed. See the file comment.
std::vector<bool> chooseSteps(llvm::ArrayRef<TraceStep> steps) {
  std::vector<bool> kept(steps.size(), true);
  if (steps.size() <= LongTrace)
    return kept;
  for (std::size_t index = KeptAtStart; index + KeptAtEnd < steps.size(); ++index)
    kept[index] = steps[index].held != steps[index - 1].held || steps[index].held != steps[index + 1].held;
  for (std::size_t index = 0; index < steps.size();) {
    std::size_t end = index;
    while (end < steps.size() && !kept[end])
      ++end;
    // A line that says "1 more step" is no shorter than the step.
    if (end - index < ShortestFold)
      std::fill(kept.begin() + index, kept.begin() + end, true);
    index = std::max(end, index + 1);
  }
  return kept;
}

void TextWriter::write(const Finding &finding) {
  writeHeadline(finding);
  writeFrame(finding.location, "");
  std::size_t placeWidth = 0;
  for (const ThreadTrace &thread : finding.threads)
    for (const TraceStep &step : thread.steps)
      placeWidth = std::max(placeWidth, shownPlace(Context, step.location).size());
  placeWidth = std::min<std::size_t>(placeWidth, MaxPlaceWidth);
  for (const ThreadTrace &thread : finding.threads)
    writeThread(thread, placeWidth);
  for (const RelatedLocation &related : finding.related) {
    Stream << "  ";
    put(raw_ostream::CYAN, true, "note: ");
    Stream << shownPlace(Context, related.location) << ": " << related.message << '\n';
    writeFrame(related.location, "  ");
  }
  if (!finding.help.empty())
    writeLabelled("help: ", finding.help);
  for (const FixIt &fix : finding.fixIts)
    writeLabelled(fix.safe ? "fix (--fix): " : "fix (--fix --unsafe): ", fix.title);
  for (const std::string &assumption : finding.assumptions)
    writeLabelled("assumes: ", assumption);
  writeLabelled("confidence: ", toString(finding.confidence));
}

void TextWriter::writeHeadline(const Finding &finding) {
  colored(raw_ostream::SAVEDCOLOR, true, [&](raw_ostream &os) { os << shownPlace(Context, finding.location) << ": "; });
  colored(colorOf(finding.severity), true,
          [&](raw_ostream &os) { os << std::string_view(toString(finding.severity)) << ": "; });
  put(raw_ostream::SAVEDCOLOR, true, finding.message);
  Stream << " [" << finding.rule << "]\n";
  if (!finding.location.macro.empty())
    Stream << "  in the expansion of macro `" << finding.location.macro << "`\n";
}

void TextWriter::writeFrame(const SourceLocation &location, llvm::StringRef indent) {
  if (location.line == 0 || location.line > Context.sources.lineCount(location.file))
    return;
  llvm::StringRef line = Context.sources.line(location.file, location.line);
  std::string number = llvm::formatv("{0}{1,5} | ", indent, location.line).str();
  unsigned width = Context.width > number.size() + 20 ? Context.width - number.size() : 0;
  CodeFrame frame = layOutLine(line, location.column, endColumn(Context, location), width);
  put(raw_ostream::BLUE, false, number);
  Stream << frame.text << '\n';
  if (frame.underline.empty())
    return;
  put(raw_ostream::BLUE, false, std::string(number.size() - 2, ' ') + "| ");
  put(raw_ostream::GREEN, true, frame.underline);
  Stream << '\n';
}

void TextWriter::writeThread(const ThreadTrace &thread, std::size_t placeWidth) {
  Stream << "  ";
  put(raw_ostream::SAVEDCOLOR, true, thread.title);
  Stream << '\n';
  std::vector<bool> kept = chooseSteps(thread.steps);
  for (std::size_t index = 0; index < thread.steps.size();) {
    std::size_t end = index;
    while (end < thread.steps.size() && !kept[end])
      ++end;
    if (end > index) {
      Stream << "    ";
      put(raw_ostream::BLUE, false, llvm::formatv("... {0} more steps, same locks held", end - index).str());
      Stream << '\n';
      index = end;
      continue;
    }
    writeStep(thread.steps[index++], placeWidth);
  }
}

void TextWriter::writeStep(const TraceStep &step, std::size_t placeWidth) {
  std::string place = shownPlace(Context, step.location);
  Stream << "    ";
  put(raw_ostream::BLUE, false, place);
  Stream.indent(place.size() < placeWidth ? placeWidth - place.size() : 0);
  Stream << "  ";
  Stream.indent(2 * step.depth) << step.message;
  if (!step.location.macro.empty())
    Stream << " (macro `" << step.location.macro << "`)";
  if (!step.held.empty())
    put(raw_ostream::YELLOW, false, "  {holds " + joinNames(step.held) + "}");
  Stream << '\n';
}

void TextWriter::writeLabelled(llvm::StringRef label, llvm::StringRef text) {
  Stream << "  ";
  put(raw_ostream::SAVEDCOLOR, true, label);
  Stream << text << '\n';
}

} // namespace

void writeText(Findings findings, const OutputContext &context, raw_ostream &os) {
  bool hadColors = os.colors_enabled();
  os.enable_colors(context.color);
  TextWriter writer(context, os);
  bool first = true;
  for (const Finding &finding : findings) {
    if (!isShown(finding))
      continue;
    if (!first)
      os << '\n';
    first = false;
    writer.write(finding);
  }
  os.enable_colors(hadColors);
}

} // namespace gridlock::output
