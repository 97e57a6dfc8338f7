//===- Render.h - Findings for an editor ------------------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// Findings as diagnostics and quick fixes of the language server protocol, lock
/// graphs as JSON and DOT.
///
//===----------------------------------------------------------------------===//

#ifndef GRIDLOCK_INTEGRATIONS_LSP_PROXY_RENDER_H
#define GRIDLOCK_INTEGRATIONS_LSP_PROXY_RENDER_H

#include "engine/finding/Finding.h"
#include "engine/finding/SourceCache.h"
#include "integrations/live/LockGraph.h"
#include "integrations/lsp_proxy/Positions.h"
#include "llvm/ADT/StringMap.h"
#include <optional>
#include <vector>

namespace gridlock::integrations {

struct RenderContext {
  SourceCache &sources;
  Encoding encoding = Encoding::Utf16;
  /// Whether the client shows further places; if not, they are told in the
  /// message.
  bool hasRelatedInformation = true;
  /// The URIs by which the client knows files, by path.
  const llvm::StringMap<std::string> &uris;
};

struct ShownFinding {
  llvm::json::Object diagnostic;
  std::vector<llvm::json::Object> actions; ///< quick fixes
};

/// The finding as seen in one file: at its place, or at the last step there of a
/// thread when it was reported elsewhere. Nothing when the file has no part in
/// it.
std::optional<ShownFinding> render(const Finding &finding, llvm::StringRef file, const RenderContext &context);

/// `{"locks": [...], "orders": [...], "dot": "..."}`.
llvm::json::Value render(llvm::ArrayRef<LockEdge> edges, const RenderContext &context);

} // namespace gridlock::integrations

#endif // GRIDLOCK_INTEGRATIONS_LSP_PROXY_RENDER_H
