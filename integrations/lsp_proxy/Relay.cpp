//===- Relay.cpp - Between an editor and its language server --------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Two sources of diagnostics share one list, and each new list replaces the
// last. So both are remembered, each with the generation of the text that it is
// about, and every list that goes out holds both, moved to the text that the
// editor shows now: what lies below a change moves with it, what the change
// touched is left out until its source has spoken again.
//
// The server's messages pass at once. They never wait for the analysis.
//
//===----------------------------------------------------------------------===//

#include "integrations/lsp_proxy/Relay.h"
#include "llvm/ADT/STLExtras.h"

namespace gridlock::integrations {

using llvm::json::Array;
using llvm::json::Object;
using llvm::json::Value;

static constexpr std::size_t rememberedChanges = 256;

static std::string textOf(Value value) { return llvm::formatv("{0}", value).str(); }
static std::string textOf(const Object &object) { return textOf(Value(Object(object))); }

Relay::Relay(Doors doors, LiveOptions options)
    : Out(std::move(doors)), Commands(options.commands),
      Analysis(std::move(options), [this](const LiveResult &result) { show(result); }, Out.log) {}

//===----------------------------------------------------------------------===//
// From the client
//===----------------------------------------------------------------------===//

void Relay::fromClient(std::string message) {
  bool passOn = true;
  llvm::Expected<Value> parsed = llvm::json::parse(message);
  if (!parsed)
    llvm::consumeError(parsed.takeError()); // the server's to complain
  else if (const Object *object = parsed->getAsObject())
    passOn = handle(*object);
  if (passOn)
    Out.toServer(message);
}

bool Relay::handle(const Object &message) {
  std::optional<llvm::StringRef> method = message.getString("method");
  const Object *parameters = message.getObject("params");
  if (!method || !parameters)
    return true;
  if (*method == "initialize") {
    initialize(message);
  } else if (*method == "textDocument/didOpen") {
    didOpen(*parameters);
  } else if (*method == "textDocument/didChange") {
    didChange(*parameters);
  } else if (*method == "textDocument/didClose") {
    didClose(*parameters);
  } else if (*method == "textDocument/didSave" || *method == "workspace/didChangeWatchedFiles") {
    Analysis.saved();
  } else if (*method == "textDocument/codeAction" && message.get("id")) {
    std::lock_guard<std::mutex> lock(Mutex);
    Requests[textOf(*message.get("id"))] = {method->str(), *parameters};
  } else if (*method == "gridlock/lockGraph" && message.get("id")) {
    answerLockGraph(message);
    return false;
  }
  return true;
}

static const Object *descend(const Object *object, std::initializer_list<llvm::StringRef> names) {
  for (llvm::StringRef name : names)
    object = object ? object->getObject(name) : nullptr;
  return object;
}

void Relay::initialize(const Object &message) {
  const Object *parameters = message.getObject("params");
  const Object *client = descend(parameters, {"capabilities", "textDocument"});
  const Object *publishing = descend(client, {"publishDiagnostics"});
  const Object *options = descend(parameters, {"initializationOptions"});
  {
    std::lock_guard<std::mutex> lock(Mutex);
    HasRelatedInformation = publishing && publishing->getBoolean("relatedInformation").value_or(false);
    HasActionLiterals = descend(client, {"codeAction", "codeActionLiteralSupport"}) != nullptr;
    if (const Value *id = message.get("id"))
      Requests[textOf(*id)] = {"initialize", Object()};
    if (!options)
      return;
    if (std::optional<llvm::StringRef> folder = options->getString("compilationDatabasePath"))
      Commands.buildDirectory = folder->str();
    if (const Array *flags = options->getArray("fallbackFlags")) {
      Commands.fallbackFlags.clear();
      for (const Value &flag : *flags)
        if (std::optional<llvm::StringRef> text = flag.getAsString())
          Commands.fallbackFlags.push_back(text->str());
    }
  }
  Analysis.setCommands(Commands);
}

/// Server and client need not agree on which characters of a URI are escaped.
Relay::Document *Relay::documentAt(llvm::StringRef uri) {
  auto found = Documents.find(uri.str());
  if (found == Documents.end())
    if (auto known = Uris.find(pathOf(uri)); known != Uris.end())
      found = Documents.find(known->second);
  return found == Documents.end() ? nullptr : &found->second;
}

Relay::Document *Relay::documentOf(const Object &parameters) {
  const Object *named = parameters.getObject("textDocument");
  std::optional<llvm::StringRef> uri = named ? named->getString("uri") : std::nullopt;
  return uri ? documentAt(*uri) : nullptr;
}

void Relay::didOpen(const Object &parameters) {
  const Object *opened = parameters.getObject("textDocument");
  std::optional<llvm::StringRef> uri = opened ? opened->getString("uri") : std::nullopt;
  std::optional<llvm::StringRef> text = opened ? opened->getString("text") : std::nullopt;
  std::string path = uri ? pathOf(*uri) : "";
  if (path.empty() || !text)
    return;
  std::lock_guard<std::mutex> lock(Mutex);
  Document document;
  document.uri = uri->str();
  document.path = path;
  document.text = text->str();
  document.version = opened->getInteger("version");
  document.generation = document.serverGeneration = ++Generation;
  if (document.version)
    document.generationOfVersion.emplace_back(*document.version, document.generation);
  Uris[path] = document.uri;
  Analysis.change(path, document.text, document.generation);
  Documents[document.uri] = std::move(document);
}

void Relay::didChange(const Object &parameters) {
  std::lock_guard<std::mutex> lock(Mutex);
  Document *document = documentOf(parameters);
  const Array *changes = parameters.getArray("contentChanges");
  if (!document || !changes)
    return;
  for (const Value &change : *changes) {
    const Object *object = change.getAsObject();
    std::optional<LineChange> lines =
        object ? applyChange(document->text, *object, Columns) : std::optional<LineChange>();
    if (!lines) {
      // Our copy of the text cannot be trusted any more.
      Out.log("a change of " + document->path +
              " does not fit its text; findings are left out until it is opened again");
      Analysis.close(document->path);
      Uris.erase(document->path);
      Documents.erase(std::string(document->uri));
      return;
    }
    document->generation = ++Generation;
    document->changes.emplace_back(document->generation, *lines);
    if (document->changes.size() > rememberedChanges)
      document->changes.pop_front();
  }
  document->version = parameters.getObject("textDocument")->getInteger("version");
  if (document->version) {
    document->generationOfVersion.emplace_back(*document->version, document->generation);
    if (document->generationOfVersion.size() > rememberedChanges)
      document->generationOfVersion.pop_front();
  }
  Analysis.change(document->path, document->text, document->generation);
}

void Relay::didClose(const Object &parameters) {
  std::lock_guard<std::mutex> lock(Mutex);
  Document *document = documentOf(parameters);
  if (!document)
    return;
  Analysis.close(document->path);
  // Not every server takes its list back when a document is closed, and none
  // takes ours back.
  document->shown.clear();
  publish(*document);
  Uris.erase(document->path);
  Documents.erase(std::string(document->uri));
}

void Relay::answerLockGraph(const Object &message) {
  const Object *parameters = message.getObject("params");
  const Object *position = parameters->getObject("position");
  Object answer{{"jsonrpc", "2.0"}, {"id", *message.get("id")}};
  std::lock_guard<std::mutex> lock(Mutex);
  Document *document = documentOf(*parameters);
  if (!document) {
    answer["error"] = Object{{"code", -32602}, {"message", "gridlock/lockGraph needs a document that is open"}};
  } else {
    auto line = static_cast<unsigned>(position ? position->getInteger("line").value_or(0) : 0);
    std::vector<LockEdge> edges;
    if (document->locks)
      edges = document->locks->around(document->path, line + 1, /*distance=*/2);
    SourceCache none;
    answer["result"] = render(edges, contextFor(document->sources ? *document->sources : none));
  }
  Out.toClient(textOf(answer));
}

//===----------------------------------------------------------------------===//
// From the server
//===----------------------------------------------------------------------===//

void Relay::fromServer(std::string message) {
  std::unique_lock<std::mutex> lock(Mutex);
  llvm::StringRef text = message;
  // Most of what a server sends is none of our business, and some of it is long.
  bool mayBeAnswer = !Requests.empty() && (text.contains("\"result\"") || text.contains("\"error\""));
  if (!mayBeAnswer && !text.contains("textDocument/publishDiagnostics"))
    return Out.toClient(std::move(message));
  llvm::Expected<Value> parsed = llvm::json::parse(message);
  Object *object = parsed ? parsed->getAsObject() : nullptr;
  if (!parsed)
    llvm::consumeError(parsed.takeError());
  if (!object)
    return Out.toClient(std::move(message));
  bool changed = false;
  if (object->getString("method") == llvm::StringRef("textDocument/publishDiagnostics")) {
    if (mergeDiagnostics(*object))
      return; // sent
  } else if (const Value *id = object->get("id"); id && !object->get("method")) {
    auto pending = Requests.find(textOf(*id));
    if (pending != Requests.end()) {
      changed = pending->second.method == "initialize" ? completeInitialize(*object)
                                                       : completeActions(*object, pending->second.parameters);
      Requests.erase(pending);
    }
  }
  Out.toClient(changed ? textOf(*object) : std::move(message));
}

bool Relay::completeInitialize(Object &message) {
  Object *result = message.getObject("result");
  Object *capabilities = result ? result->getObject("capabilities") : nullptr;
  if (!capabilities)
    return false;
  std::optional<llvm::StringRef> encoding = capabilities->getString("positionEncoding");
  if (!encoding) // clangd's own way to say it
    encoding = result->getString("offsetEncoding");
  if (encoding == llvm::StringRef("utf-8"))
    Columns = Encoding::Utf8;
  else if (encoding == llvm::StringRef("utf-32"))
    Columns = Encoding::Utf32;
  Object *experimental = capabilities->getObject("experimental");
  if (!experimental) {
    (*capabilities)["experimental"] = Object();
    experimental = capabilities->getObject("experimental");
  }
  (*experimental)["gridlock"] = Object{{"lockGraph", true}};
  return true;
}

static bool isBefore(const Object &a, const Object &b) {
  auto key = [](const Object &position) {
    return std::pair(position.getInteger("line").value_or(0), position.getInteger("character").value_or(0));
  };
  return key(a) < key(b);
}

static bool touch(const Object &a, const Object &b) {
  const Object *aStart = a.getObject("start"), *aEnd = a.getObject("end");
  const Object *bStart = b.getObject("start"), *bEnd = b.getObject("end");
  return aStart && aEnd && bStart && bEnd && !isBefore(*aEnd, *bStart) && !isBefore(*bEnd, *aStart);
}

/// Whether the client asked for quick fixes, or for everything.
static bool wantsFixes(const Object &parameters) {
  const Array *only = descend(&parameters, {"context"}) ? parameters.getObject("context")->getArray("only") : nullptr;
  return !only || llvm::any_of(*only, [](const Value &kind) {
    return kind.getAsString() == llvm::StringRef("quickfix") || kind.getAsString() == llvm::StringRef("");
  });
}

bool Relay::completeActions(Object &message, const Object &parameters) {
  const Document *document = documentOf(parameters);
  const Object *range = parameters.getObject("range");
  // Edits are for the text that was analysed and for no other.
  if (!document || !range || !HasActionLiterals || !wantsFixes(parameters) ||
      document->shownGeneration != document->generation)
    return false;
  Array actions;
  for (const ShownFinding &shown : document->shown)
    if (const Object *place = shown.diagnostic.getObject("range"); place && touch(*place, *range))
      for (const Object &action : shown.actions)
        actions.push_back(Value(Object(action)));
  if (actions.empty())
    return false;
  if (Array *others = message.getArray("result")) {
    others->insert(others->end(), actions.begin(), actions.end());
  } else {
    message.erase("error");
    message["result"] = std::move(actions);
  }
  return true;
}

bool Relay::mergeDiagnostics(const Object &message) {
  const Object *parameters = message.getObject("params");
  std::optional<llvm::StringRef> uri = parameters ? parameters->getString("uri") : std::nullopt;
  const Array *diagnostics = parameters ? parameters->getArray("diagnostics") : nullptr;
  Document *document = uri ? documentAt(*uri) : nullptr;
  if (!document || !diagnostics)
    return false;
  document->fromServer = *diagnostics;
  document->serverGeneration = document->generation;
  if (std::optional<int64_t> version = parameters->getInteger("version"))
    for (auto [known, generation] : document->generationOfVersion)
      if (known == *version)
        document->serverGeneration = generation;
  document->lastPublished.clear(); // the client waits for this answer, changed or not
  publish(*document);
  publishOthers(*document);
  return true;
}

//===----------------------------------------------------------------------===//
// What is shown
//===----------------------------------------------------------------------===//

RenderContext Relay::contextFor(SourceCache &sources) const { return {sources, Columns, HasRelatedInformation, Uris}; }

void Relay::show(const LiveResult &result) {
  // Files are read for it: without the lock, for which keystrokes wait.
  llvm::StringMap<std::string> uris;
  std::optional<RenderContext> context;
  {
    std::lock_guard<std::mutex> lock(Mutex);
    uris = Uris;
    context.emplace(RenderContext{*result.sources, Columns, HasRelatedInformation, uris});
  }
  std::map<std::string, std::vector<ShownFinding>> shown;
  for (const auto &[path, buffer] : result.analysed)
    for (const Finding &finding : result.findings)
      if (std::optional<ShownFinding> one = render(finding, path, *context))
        shown[path].push_back(std::move(*one));

  std::lock_guard<std::mutex> lock(Mutex);
  std::vector<Document *> renewed;
  for (const auto &[path, buffer] : result.analysed) {
    auto uri = Uris.find(path);
    auto found = uri == Uris.end() ? Documents.end() : Documents.find(uri->second);
    if (found == Documents.end())
      continue;
    Document &document = found->second;
    document.shown = std::move(shown[path]);
    document.shownGeneration = buffer->generation;
    document.locks = result.locks;
    document.sources = result.sources;
    renewed.push_back(&document);
  }
  for (Document *document : renewed) // when the generations of all are known
    publish(*document);
}

/// Whether changes since that generation are not remembered any more.
bool Relay::isForgotten(const Document &document, std::uint64_t generation) {
  return document.changes.empty() ||
         (document.changes.size() == rememberedChanges && document.changes.front().first > generation + 1);
}

/// \returns false when what the diagnostic is about has changed since.
bool Relay::moveTo(Object &diagnostic, const Document &document, std::uint64_t generation) {
  if (generation == document.generation)
    return true;
  Object *range = diagnostic.getObject("range");
  if (!range || isForgotten(document, generation))
    return false;
  return llvm::all_of(document.changes,
                      [&](const auto &entry) { return entry.first <= generation || move(*range, entry.second); });
}

/// Moves the steps of a diagnostic. A step whose line has changed stays about
/// where it was, and says so. Of a finding of ours the steps in other documents
/// are moved too.
void Relay::moveSteps(Object &diagnostic, const Document &document, std::uint64_t generation, bool isOurs) {
  Array *steps = diagnostic.getArray("relatedInformation");
  if (!steps)
    return;
  for (Value &value : *steps) {
    Object *step = value.getAsObject();
    Object *location = step ? step->getObject("location") : nullptr;
    Object *range = location ? location->getObject("range") : nullptr;
    std::optional<llvm::StringRef> uri = location ? location->getString("uri") : std::nullopt;
    const Document *file = range && uri ? documentAt(*uri) : nullptr;
    if (!file || (file != &document && !isOurs))
      continue;
    std::uint64_t known = file == &document ? generation : file->shownGeneration;
    if (known == file->generation || known == 0 || isForgotten(*file, known))
      continue;
    bool isTouched = false;
    for (const auto &[made, change] : file->changes)
      if (made > known)
        isTouched |= !move(*range, change);
    if (isTouched)
      (*step)["message"] = step->getString("message").value_or("").str() + " (this line has changed since)";
  }
}

/// Sends what is known about a document, unless that is what was sent last.
void Relay::publish(Document &document) {
  Array all;
  for (const Value &given : document.fromServer) {
    Value copy = given;
    Object *diagnostic = copy.getAsObject();
    if (!diagnostic || !moveTo(*diagnostic, document, document.serverGeneration))
      continue;
    moveSteps(*diagnostic, document, document.serverGeneration, /*isOurs=*/false);
    all.push_back(std::move(copy));
  }
  for (const ShownFinding &shown : document.shown) {
    Object copy = shown.diagnostic;
    if (!moveTo(copy, document, document.shownGeneration))
      continue;
    moveSteps(copy, document, document.shownGeneration, /*isOurs=*/true);
    if (document.shownGeneration != document.generation)
      copy["data"] = Object{{"gridlock", Object{{"stale", true}}}};
    all.push_back(std::move(copy));
  }
  Object parameters{{"uri", document.uri}, {"diagnostics", std::move(all)}};
  if (document.version)
    parameters["version"] = *document.version;
  std::string message = textOf(
      Object{{"jsonrpc", "2.0"}, {"method", "textDocument/publishDiagnostics"}, {"params", std::move(parameters)}});
  if (message != document.lastPublished)
    Out.toClient(message);
  document.lastPublished = std::move(message);
}

/// Findings in other files may have steps in one that has changed.
void Relay::publishOthers(const Document &changed) {
  for (auto &[uri, document] : Documents)
    if (&document != &changed && !document.shown.empty())
      publish(document);
}

} // namespace gridlock::integrations
