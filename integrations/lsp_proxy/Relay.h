//===- Relay.h - Between an editor and its language server ------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Passes messages between a client and a server on, listens to what the client
/// does to its documents, and adds Gridlock's findings to the diagnostics and
/// quick fixes of the server. Knows nothing of processes and descriptors.
///
/// A message that it does not understand is passed on as it is.
///
/// One thread calls `fromClient`, one `fromServer`. The doors are called from
/// those and from the analysis; `toClient` may be called while locks are held
/// and must not block for long.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_INTEGRATIONS_LSP_PROXY_RELAY_H
#define GRIDLOCK_INTEGRATIONS_LSP_PROXY_RELAY_H

#include "integrations/live/LiveAnalysis.h"
#include "integrations/lsp_proxy/Render.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/JSON.h"
#include <deque>
#include <functional>
#include <map>
#include <mutex>

namespace gridlock::integrations {

class Relay {
public:
  struct Doors {
    std::function<void(std::string)> toClient;
    std::function<void(const std::string &)> toServer;
    LiveAnalysis::Log log;
  };

  Relay(Doors doors, LiveOptions options);

  void fromClient(std::string message);
  void fromServer(std::string message);

  LiveAnalysis &analysis() { return Analysis; }

private:
  /// A document that is open in the editor. What was found is kept as it was
  /// said, for the text of its generation, and moved along when it is shown.
  struct Document {
    std::string uri, path, text;
    std::optional<int64_t> version;
    std::uint64_t generation = 0;
    std::deque<std::pair<std::uint64_t, LineChange>> changes;          ///< by the generation that they made
    std::deque<std::pair<int64_t, std::uint64_t>> generationOfVersion; ///< the last ones
    llvm::json::Array fromServer;
    std::uint64_t serverGeneration = 0;
    std::vector<ShownFinding> shown;
    std::uint64_t shownGeneration = 0;
    std::shared_ptr<const LockGraph> locks;
    std::shared_ptr<SourceCache> sources;
    std::string lastPublished;
  };

  // From the client; each returns whether the message is to be passed on.
  bool handle(const llvm::json::Object &message);
  void initialize(const llvm::json::Object &message);
  void didOpen(const llvm::json::Object &parameters);
  void didChange(const llvm::json::Object &parameters);
  void didClose(const llvm::json::Object &parameters);
  void answerLockGraph(const llvm::json::Object &message);

  // From the server; each returns whether it has changed the message.
  bool completeInitialize(llvm::json::Object &message);
  bool completeActions(llvm::json::Object &message, const llvm::json::Object &parameters);
  bool mergeDiagnostics(const llvm::json::Object &message);

  void show(const LiveResult &result);
  void publish(Document &document);
  void publishOthers(const Document &changed);
  static bool isForgotten(const Document &document, std::uint64_t generation);
  bool moveTo(llvm::json::Object &diagnostic, const Document &document, std::uint64_t generation);
  void moveSteps(llvm::json::Object &diagnostic, const Document &document, std::uint64_t generation, bool isOurs);
  Document *documentOf(const llvm::json::Object &parameters);
  Document *documentAt(llvm::StringRef uri);
  RenderContext contextFor(SourceCache &sources) const;

  Doors Out;
  std::mutex Mutex;                          ///< for what follows
  std::map<std::string, Document> Documents; ///< by the client's URI
  llvm::StringMap<std::string> Uris;         ///< of documents, by path
  struct Pending {
    std::string method;
    llvm::json::Object parameters;
  };
  std::map<std::string, Pending> Requests; ///< whose answers are to be completed, by id
  std::uint64_t Generation = 0;
  Encoding Columns = Encoding::Utf16;
  bool HasRelatedInformation = false, HasActionLiterals = false;
  CommandSource Commands;

  LiveAnalysis Analysis; ///< last: it calls `show`
};

} // namespace gridlock::integrations

#endif // GRIDLOCK_INTEGRATIONS_LSP_PROXY_RELAY_H
