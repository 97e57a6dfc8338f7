//===- ThreadSafety.cpp - Clang's own thread-safety analysis ---------------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/facts/ThreadSafety.h"
#include "engine/facts/Arguments.h"
#include "engine/facts/FilePath.h"
#include "clang/AST/RecursiveASTVisitor.h"
#include "clang/Basic/DiagnosticIDs.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/FrontendActions.h"
#include "clang/Lex/Lexer.h"
#include "clang/Tooling/Tooling.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <map>

using namespace clang;

namespace gridlock::facts {

static NamePlace placeOf(const SourceManager &sources, SourceLocation location, const std::string &directory) {
  if (location.isInvalid())
    return {};
  auto [id, offset] = sources.getDecomposedLoc(sources.getFileLoc(location));
  return {filePath(sources, id, directory), sources.getLineNumber(id, offset), sources.getColumnNumber(id, offset)};
}

//===----------------------------------------------------------------------===//
// Places for attributes
//===----------------------------------------------------------------------===//

namespace {

/// The tokens behind a place, without comments and white space.
class TokensBehind {
public:
  TokensBehind(SourceLocation start, const ASTContext &context) : Sources(context.getSourceManager()) {
    auto [id, offset] = Sources.getDecomposedLoc(start);
    File = id;
    llvm::StringRef text = Sources.getBufferData(id);
    Raw.emplace(Sources.getLocForStartOfFile(id), context.getLangOpts(), text.begin(), text.begin() + offset,
                text.end());
    advance();
  }
  const Token &token() const { return Current; }
  SourceLocation endOfLast() const { return LastEnd; }
  bool atEnd() const { return Current.is(tok::eof); }
  bool isWord(llvm::StringRef word) const {
    return Current.is(tok::raw_identifier) && Current.getRawIdentifier() == word;
  }
  void advance() {
    if (Current.isNot(tok::unknown))
      LastEnd = Current.getEndLoc();
    Raw->LexFromRawLexer(Current);
  }
  /// From an opening bracket to behind its partner.
  void skipGroup(tok::TokenKind open, tok::TokenKind close) {
    unsigned depth = 0;
    do {
      depth += Current.is(open);
      depth -= Current.is(close);
      advance();
    } while (depth && !atEnd());
  }

private:
  const SourceManager &Sources;
  FileID File;
  std::optional<Lexer> Raw;
  Token Current = [] {
    Token none;
    none.startToken();
    return none;
  }();
  SourceLocation LastEnd;
};

class PlaceFinder : public RecursiveASTVisitor<PlaceFinder> {
public:
  PlaceFinder(ASTContext &context, const std::string &directory, const std::map<NamePlace, std::size_t> &wanted,
              std::vector<Insertion> &found)
      : Context(context), Sources(context.getSourceManager()), Directory(directory), Wanted(wanted), Found(found) {}

  bool shouldVisitLambdaBody() const { return true; }

  bool VisitFieldDecl(FieldDecl *field) {
    if (!field->isBitField())
      variable(field);
    return true;
  }
  bool VisitVarDecl(VarDecl *global) {
    if (global->hasGlobalStorage())
      variable(global);
    return true;
  }
  bool VisitFunctionDecl(FunctionDecl *function) {
    const auto *method = dyn_cast<CXXMethodDecl>(function);
    if (!method || !method->getParent()->isLambda())
      take(function, [&](Insertion &into) { ofFunction(function->getCanonicalDecl(), into); });
    return true;
  }
  bool VisitLambdaExpr(LambdaExpr *lambda) {
    if (CXXMethodDecl *call = lambda->getCallOperator())
      take(call, [&](Insertion &into) { ofLambda(lambda, into); });
    return true;
  }
  bool VisitRecordDecl(RecordDecl *record) {
    if (record->isThisDeclarationADefinition() && !record->isImplicit())
      take(record, [&](Insertion &into) { ofRecord(record, into); });
    return true;
  }

private:
  template <class Fill> void take(const NamedDecl *declaration, Fill fill) {
    SourceLocation location = declaration->getLocation();
    if (location.isInvalid() || location.isMacroID() || Sources.isInSystemHeader(location))
      return;
    auto wanted = Wanted.find(placeOf(Sources, location, Directory));
    if (wanted != Wanted.end() && Found[wanted->second].at.file.empty()) {
      Found[wanted->second].declaration = placeOf(Sources, declaration->getCanonicalDecl()->getLocation(), Directory);
      fill(Found[wanted->second]);
    }
  }

  void put(Insertion &into, SourceLocation at) {
    if (at.isValid() && at.isFileID() && !Sources.isInSystemHeader(at))
      into.at = placeOf(Sources, at, Directory);
  }

  void variable(DeclaratorDecl *declaration) {
    take(declaration, [&](Insertion &into) {
      TokensBehind tokens(declaration->getLocation(), Context);
      tokens.advance(); // the name
      while (tokens.token().is(tok::l_square))
        tokens.skipGroup(tok::l_square, tok::r_square);
      // A pointer to a function has its name in the middle.
      if (!tokens.token().isOneOf(tok::r_paren, tok::l_paren, tok::coloncolon))
        put(into, tokens.endOfLast());
    });
  }

  void ofFunction(const FunctionDecl *function, Insertion &into) {
    const auto *prototype = function->getType()->getAs<FunctionProtoType>();
    FunctionTypeLoc type = function->getFunctionTypeLoc();
    bool hasPlace = prototype && !prototype->hasTrailingReturn() && type && type.getRParenLoc().isFileID() &&
                    function->getLocation().isFileID();
    if (!hasPlace)
      return;
    for (const ParmVarDecl *parameter : function->parameters())
      into.parameters.push_back(parameter->getNameAsString());
    TokensBehind tokens(type.getRParenLoc(), Context);
    tokens.advance();
    behindQualifiers(tokens);
    put(into, tokens.endOfLast());
  }

  /// Up to what ends a declarator: a body, `override`, `= 0`, initialisers.
  static void behindQualifiers(TokensBehind &tokens) {
    while (!tokens.atEnd() &&
           !tokens.token().isOneOf(tok::l_brace, tok::semi, tok::equal, tok::colon, tok::arrow, tok::comma) &&
           !tokens.isWord("override") && !tokens.isWord("final") && !tokens.isWord("try") && !tokens.isWord("requires"))
      if (tokens.token().is(tok::l_paren))
        tokens.skipGroup(tok::l_paren, tok::r_paren);
      else
        tokens.advance();
  }

  void ofLambda(const LambdaExpr *lambda, Insertion &into) {
    if (lambda->hasExplicitResultType() || lambda->isGenericLambda())
      return;
    if (!lambda->hasExplicitParameters()) {
      into.before = "()";
      put(into, lambda->getIntroducerRange().getEnd().getLocWithOffset(1));
      return;
    }
    FunctionTypeLoc type = lambda->getCallOperator()->getFunctionTypeLoc();
    if (!type || !type.getRParenLoc().isFileID())
      return;
    TokensBehind tokens(type.getRParenLoc(), Context);
    tokens.advance();
    behindQualifiers(tokens);
    put(into, tokens.endOfLast());
  }

  void ofRecord(const RecordDecl *record, Insertion &into) {
    SourceLocation keyword = record->getInnerLocStart();
    if (!keyword.isFileID())
      return;
    TokensBehind tokens(keyword, Context);
    if (!tokens.isWord("class") && !tokens.isWord("struct"))
      return;
    tokens.advance();
    put(into, tokens.endOfLast());
  }

  ASTContext &Context;
  const SourceManager &Sources;
  const std::string &Directory;
  const std::map<NamePlace, std::size_t> &Wanted;
  std::vector<Insertion> &Found;
};

class PlaceConsumer : public ASTConsumer {
public:
  PlaceConsumer(const std::string &directory, const std::map<NamePlace, std::size_t> &wanted,
                std::vector<Insertion> &found)
      : Directory(directory), Wanted(wanted), Found(found) {}
  void HandleTranslationUnit(ASTContext &context) override {
    PlaceFinder(context, Directory, Wanted, Found).TraverseDecl(context.getTranslationUnitDecl());
  }

private:
  const std::string &Directory;
  const std::map<NamePlace, std::size_t> &Wanted;
  std::vector<Insertion> &Found;
};

//===----------------------------------------------------------------------===//
// Running Clang
//===----------------------------------------------------------------------===//

class Action : public ASTFrontendAction {
public:
  explicit Action(std::unique_ptr<ASTConsumer> consumer) : Consumer(std::move(consumer)) {}

protected:
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &, llvm::StringRef) override {
    return std::move(Consumer);
  }

private:
  std::unique_ptr<ASTConsumer> Consumer;
};

/// One run of the front end over a whole unit.
class Invocation : public tooling::ToolAction {
public:
  explicit Invocation(std::unique_ptr<ASTConsumer> consumer) : Consumer(std::move(consumer)) {}

  bool runInvocation(std::shared_ptr<CompilerInvocation> invocation, FileManager *files,
                     std::shared_ptr<PCHContainerOperations> containers, DiagnosticConsumer *consumer) override {
    invocation->getFrontendOpts().DisableFree = false;
    invocation->getDependencyOutputOpts() = DependencyOutputOptions();
    CompilerInstance compiler(std::move(invocation), std::move(containers));
    compiler.setVirtualFileSystem(files->getVirtualFileSystemPtr());
    compiler.setFileManager(files);
    compiler.createDiagnostics(consumer, false);
    if (!compiler.hasDiagnostics())
      return false;
    compiler.createSourceManager();
    Action action(std::move(Consumer));
    return compiler.ExecuteAction(action);
  }

private:
  std::unique_ptr<ASTConsumer> Consumer;
};

/// Turns diagnostics into complaints.
class ComplaintReader : public DiagnosticConsumer {
public:
  ComplaintReader(const std::string &directory, std::vector<Complaint> &complaints)
      : Directory(directory), Complaints(complaints) {}

  void HandleDiagnostic(DiagnosticsEngine::Level level, const Diagnostic &diagnostic) override {
    DiagnosticConsumer::HandleDiagnostic(level, diagnostic);
    if (level < DiagnosticsEngine::Warning || !diagnostic.hasSourceManager())
      return;
    Complaint complaint;
    llvm::SmallString<256> message;
    diagnostic.FormatDiagnostic(message);
    complaint.message = message.str().str();
    complaint.at = placeOf(diagnostic.getSourceManager(), diagnostic.getLocation(), Directory);
    if (level < DiagnosticsEngine::Error)
      classify(diagnostic, complaint);
    Complaints.push_back(std::move(complaint));
  }

private:
  void classify(const Diagnostic &diagnostic, Complaint &complaint) {
    llvm::StringRef text = complaint.message;
    llvm::StringRef option = diagnostic.getDiags()->getDiagnosticIDs()->getWarningOptionForDiag(diagnostic.getID());
    complaint.kind = Complaint::Balance;
    if (option == "thread-safety-attributes" || option == "ignored-attributes")
      complaint.kind = Complaint::Attribute;
    else if (text.starts_with("reading") || text.starts_with("writing") || text.starts_with("passing") ||
             text.starts_with("returning"))
      complaint.kind = Complaint::Access;
    else if (text.starts_with("calling function") && text.contains("requires holding"))
      complaint.kind = Complaint::Call;
    complaint.isWrite = text.contains("exclusively");
    for (unsigned i = 0; i < diagnostic.getNumArgs(); ++i)
      if (diagnostic.getArgKind(i) == DiagnosticsEngine::ak_nameddecl)
        if (auto *declaration = reinterpret_cast<const NamedDecl *>(diagnostic.getRawArg(i)))
          complaint.about =
              placeOf(diagnostic.getSourceManager(), declaration->getCanonicalDecl()->getLocation(), Directory);
    // The lock is what stands in the last quotes.
    if (std::size_t end = text.rfind('\''); end != llvm::StringRef::npos)
      complaint.lock = text.take_front(end).rsplit('\'').second.str();
  }

  const std::string &Directory;
  std::vector<Complaint> &Complaints;
};

} // namespace

static bool run(const CompileJob &job, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> fileSystem,
                llvm::ArrayRef<std::string> more, std::unique_ptr<ASTConsumer> consumer,
                DiagnosticConsumer &diagnostics) {
  fileSystem->setCurrentWorkingDirectory(job.directory);
  FileSystemOptions options;
  options.WorkingDir = job.directory;
  auto files = llvm::makeIntrusiveRefCnt<FileManager>(options, fileSystem);
  std::vector<std::string> command = parserArguments(job.arguments, job.file);
  llvm::erase(command, "-w");
  command.insert(command.begin() + 1, more.begin(), more.end());
  // The last word about warnings is ours.
  for (const char *option : {"-Wno-everything", "-Wthread-safety", "-Wignored-attributes"})
    command.insert(llvm::find(command, "--"), option);
  Invocation action(std::move(consumer));
  tooling::ToolInvocation invocation(command, &action, files.get(), std::make_shared<PCHContainerOperations>());
  invocation.setDiagnosticConsumer(&diagnostics);
  return invocation.run();
}

std::vector<Insertion> findInsertions(const CompileJob &job, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files,
                                      llvm::ArrayRef<NamePlace> names) {
  std::vector<Insertion> found(names.size());
  std::map<NamePlace, std::size_t> wanted;
  for (std::size_t i = 0; i < names.size(); ++i)
    wanted.try_emplace(names[i], i);
  IgnoringDiagConsumer ignored;
  run(job, std::move(files), {}, std::make_unique<PlaceConsumer>(job.directory, wanted, found), ignored);
  for (std::size_t i = 0; i < names.size(); ++i)
    found[i] = found[wanted[names[i]]];
  return found;
}

SafetyReport checkThreadSafety(const CompileJob &job, llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> files,
                               const std::string &prefix) {
  SafetyReport report;
  ComplaintReader reader(job.directory, report.complaints);
  std::vector<std::string> more;
  if (!prefix.empty())
    more = {"-include", prefix};
  report.parsed = run(job, std::move(files), more, std::make_unique<ASTConsumer>(), reader);
  llvm::sort(report.complaints);
  report.complaints.erase(llvm::unique(report.complaints), report.complaints.end());
  return report;
}

} // namespace gridlock::facts
