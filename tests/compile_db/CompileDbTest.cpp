//===- CompileDbTest.cpp - Which units a request means ----------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/compile_db/CompileDb.h"
#include "tests/compile_db/TemporaryTree.h"
#include "llvm/ADT/StringExtras.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace gridlock;
using namespace gridlock::compile_db;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

namespace {

constexpr llvm::StringRef TwoFiles = R"([
  {"directory": "@ROOT@/build", "file": "../src/a.cpp", "command": "g++ -DA -c ../src/a.cpp -o a.o"},
  {"directory": "@ROOT@/build", "file": "../src/b.c", "arguments": ["gcc", "-DB", "-c", "../src/b.c"], "output": "b.o"}
])";

class CompileDb : public testing::Test {
protected:
  CompileDb() {
    // A root of its own, so that the search never leaves the folder.
    Tree.write(".git/HEAD");
    Asked.workingDirectory = Tree.root();
  }

  void writeProject() {
    Tree.write("build/compile_commands.json", TwoFiles);
    Tree.write("src/a.cpp");
    Tree.write("src/a.h");
    Tree.write("src/b.c");
    Tree.write("src/deep/new.cpp");
    Tree.write("empty/readme.txt");
  }

  JobSet collect() {
    llvm::Expected<JobSet> set = collectJobs(Asked);
    if (!set) {
      ADD_FAILURE() << llvm::toString(set.takeError());
      return {};
    }
    return std::move(*set);
  }

  std::string failure() {
    llvm::Expected<JobSet> set = collectJobs(Asked);
    return set ? "" : llvm::toString(set.takeError());
  }

  static std::vector<std::string> files(const JobSet &set) {
    std::vector<std::string> names;
    for (const facts::CompileJob &job : set.jobs)
      names.push_back(llvm::StringRef(job.file).rsplit('/').second.str());
    return names;
  }

  TemporaryTree Tree;
  Request Asked;
};

TEST_F(CompileDb, theDatabaseInABuildFolderIsFound) {
  writeProject();
  JobSet set = collect();
  EXPECT_EQ(set.database, Tree.path("build/compile_commands.json"));
  EXPECT_EQ(set.databaseEntries, 2u);
  EXPECT_THAT(files(set), ElementsAre("a.cpp", "b.c"));
  EXPECT_EQ(set.jobs[0].file, Tree.path("src/a.cpp"));
  EXPECT_EQ(set.jobs[0].directory, Tree.path("build"));
  EXPECT_THAT(set.jobs[0].arguments, Contains("-DA"));
  EXPECT_THAT(set.errors, IsEmpty());
}

TEST_F(CompileDb, theSearchGoesUpwards) {
  writeProject();
  Asked.workingDirectory = Tree.path("src/deep");
  EXPECT_EQ(collect().database, Tree.path("build/compile_commands.json"));
}

TEST_F(CompileDb, theSearchKnowsPresetsAndNestedFolders) {
  Tree.write("CMakePresets.json", R"({"version": 6, "configurePresets": [
    {"name": "base", "hidden": true, "binaryDir": "${sourceDir}/bin/${presetName}"},
    {"name": "fast", "inherits": ["base"]}]})");
  Tree.write("bin/fast/compile_commands.json", TwoFiles);
  EXPECT_EQ(collect().database, Tree.path("bin/fast/compile_commands.json"));
  Tree.write("other/.git/HEAD");
  Tree.write("other/out/build/x64/compile_commands.json", TwoFiles);
  Asked.workingDirectory = Tree.path("other");
  EXPECT_EQ(collect().database, Tree.path("other/out/build/x64/compile_commands.json"));
}

TEST_F(CompileDb, ofSeveralTheOthersAreNamed) {
  Tree.write("build-a/compile_commands.json", TwoFiles);
  Tree.write("build-b/compile_commands.json", TwoFiles);
  JobSet set = collect();
  ASSERT_EQ(set.notes.size(), 1u);
  EXPECT_THAT(set.notes[0], HasSubstr("choose one with -p"));
}

TEST_F(CompileDb, aCircleOfPresetsEnds) {
  Tree.write("CMakePresets.json", R"({"configurePresets": [
    {"name": "a", "inherits": "b"}, {"name": "b", "inherits": "a"}]})");
  EXPECT_THAT(failure(), HasSubstr("no compile_commands.json"));
}

TEST_F(CompileDb, pathsSelectFilesAndFolders) {
  writeProject();
  Asked.paths = {"src/b.c"};
  EXPECT_THAT(files(collect()), ElementsAre("b.c"));
  Asked.paths = {"src"};
  EXPECT_THAT(files(collect()), ElementsAre("a.cpp", "b.c"));
  Asked.paths = {"src", "src/a.cpp"};
  EXPECT_THAT(files(collect()), ElementsAre("a.cpp", "b.c"));
}

TEST_F(CompileDb, aSymbolicLinkToTheSourcesSelectsThem) {
  writeProject();
  ASSERT_FALSE(llvm::sys::fs::create_link(Tree.path("src"), Tree.path("link")));
  Asked.paths = {"link/b.c"};
  EXPECT_THAT(files(collect()), ElementsAre("b.c"));
}

TEST_F(CompileDb, aHeaderIsAnalysedThroughItsOwner) {
  writeProject();
  Asked.paths = {"src/a.h"};
  JobSet set = collect();
  EXPECT_THAT(files(set), ElementsAre("a.cpp"));
  EXPECT_THAT(set.notes, Contains(HasSubstr("src/a.h is analysed as part of")));
}

TEST_F(CompileDb, aNewSourceBorrowsFlagsOfItsLanguage) {
  writeProject();
  Asked.paths = {"src/deep/new.cpp"};
  JobSet set = collect();
  EXPECT_THAT(files(set), ElementsAre("new.cpp"));
  EXPECT_THAT(set.jobs[0].arguments, Contains("-DA"));
  EXPECT_EQ(set.jobs[0].arguments.back(), Tree.path("src/deep/new.cpp"));
  EXPECT_THAT(set.notes, Contains(HasSubstr("the flags of")));
}

TEST_F(CompileDb, whatCannotBeServedIsNamedAndTheRestIsServed) {
  writeProject();
  Asked.paths = {"src/gone.cpp", "src/a.cpp", "empty", "empty/readme.txt"};
  JobSet set = collect();
  EXPECT_THAT(files(set), ElementsAre("a.cpp"));
  ASSERT_EQ(set.errors.size(), 3u);
  EXPECT_EQ(set.errors[0], "cannot read src/gone.cpp: No such file or directory");
  EXPECT_EQ(set.errors[1], "there are no C or C++ sources below empty");
  EXPECT_THAT(set.errors[2], HasSubstr("is no C or C++ file"));
}

TEST_F(CompileDb, flagsReplaceTheDatabase) {
  writeProject();
  Asked.paths = {"src/a.cpp", "src/b.c", "src/deep"};
  Asked.hasFlags = true;
  Asked.flags = {"-std=c++20", "-DX"};
  JobSet set = collect();
  EXPECT_EQ(set.database, "");
  EXPECT_THAT(files(set), ElementsAre("a.cpp", "b.c", "new.cpp"));
  EXPECT_THAT(set.jobs[0].arguments, Contains("-std=c++20"));
  EXPECT_EQ(set.jobs[1].arguments[0], "clang");
  EXPECT_THAT(set.jobs[1].arguments, Not(Contains("-std=c++20")));
  EXPECT_THAT(set.jobs[1].arguments, Contains("-DX"));
}

TEST_F(CompileDb, oneFileNeedsNoDatabase) {
  Tree.write("a.cpp");
  Asked.paths = {"a.cpp"};
  JobSet set = collect();
  EXPECT_THAT(files(set), ElementsAre("a.cpp"));
  EXPECT_THAT(set.notes, Contains(HasSubstr("parsed without flags")));
}

TEST_F(CompileDb, aFolderNeedsADatabaseOrFlags) {
  Tree.write("src/a.cpp");
  Asked.paths = {"src"};
  EXPECT_THAT(collect().errors, ElementsAre(HasSubstr("no compile_commands.json for src")));
}

TEST_F(CompileDb, withoutAnythingTheHelpSaysWhatToDo) {
  EXPECT_THAT(failure(), HasSubstr("no compile_commands.json here, above"));
  Asked.hasFlags = true;
  EXPECT_THAT(failure(), HasSubstr("no file was named"));
}

TEST_F(CompileDb, damagedDatabasesAreDescribed) {
  Tree.write("compile_commands.json", "[\n  {\"file\": }\n]");
  EXPECT_THAT(failure(), HasSubstr("compile_commands.json is damaged: line 2, column "));
  Tree.write("compile_commands.json", "[]");
  EXPECT_THAT(failure(), HasSubstr("is empty"));
  Tree.write("compile_commands.json", "{}");
  EXPECT_THAT(failure(), HasSubstr("must be a list"));
  Tree.write("compile_commands.json", R"([{"file": "a.c", "command": "cc a.c"}, {"file": "b.c"}])");
  EXPECT_THAT(failure(), HasSubstr("entry 2 has neither `arguments` nor `command`"));
  Tree.write("compile_commands.json", "\x80\xff");
  EXPECT_THAT(failure(), HasSubstr("is damaged"));
}

TEST_F(CompileDb, aGivenBuildFolderMustHoldOne) {
  Asked.buildDirectory = "nowhere";
  EXPECT_THAT(failure(), HasSubstr("nowhere: no such file or directory"));
  Tree.write("bin/x");
  Asked.buildDirectory = "bin";
  EXPECT_THAT(failure(), HasSubstr("no compile_commands.json in"));
  Tree.write("bin/compile_commands.json", TwoFiles);
  EXPECT_EQ(collect().jobs.size(), 2u);
  Asked.buildDirectory = "bin/compile_commands.json";
  EXPECT_EQ(collect().jobs.size(), 2u);
}

TEST_F(CompileDb, repeatedEntriesAreCountedOnlyWhenTheyDiffer) {
  Tree.write("compile_commands.json", R"([
    {"directory": "@ROOT@", "file": "a.cpp", "command": "g++ -DX -c a.cpp -o x.o"},
    {"directory": "@ROOT@", "file": "a.cpp", "command": "g++ -DX -c a.cpp -o y.o"},
    {"directory": "@ROOT@", "file": "b.cpp", "command": "g++ -DX -c b.cpp"},
    {"directory": "@ROOT@", "file": "b.cpp", "command": "g++ -DY -c b.cpp"}])");
  JobSet set = collect();
  EXPECT_THAT(files(set), ElementsAre("a.cpp", "b.cpp"));
  EXPECT_THAT(set.notes, ElementsAre(HasSubstr("1 file compiled more than once with different flags")));
  EXPECT_THAT(set.jobs[1].arguments, Contains("-DX"));
}

TEST_F(CompileDb, whatIsNotForUsIsCounted) {
  Tree.write("compile_commands.json", R"([
    {"directory": "@ROOT@", "file": "a.S", "command": "gcc -c a.S"},
    {"directory": "@ROOT@", "file": "b.S", "command": "gcc -c b.S"},
    {"directory": "@ROOT@", "file": "k.cu", "command": "nvcc -c k.cu"}])");
  JobSet set = collect();
  EXPECT_THAT(set.notes, ElementsAre(HasSubstr("2 assembler-with-cpp, 1 nvcc")));
  EXPECT_THAT(set.errors, ElementsAre(HasSubstr("nothing to analyse")));
}

} // namespace
