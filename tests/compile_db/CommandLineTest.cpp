//===- CommandLineTest.cpp - Commands of builds, cleaned --------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "engine/compile_db/CommandLine.h"
#include "tests/compile_db/TemporaryTree.h"
#include "llvm/ADT/StringExtras.h"
#include <gmock/gmock.h>
#include <gtest/gtest.h>

using namespace gridlock;
using namespace gridlock::compile_db;
using testing::Contains;
using testing::ElementsAre;
using testing::IsSupersetOf;
using testing::Not;

namespace {

CleanCommand clean(llvm::StringRef line, std::string file = "/p/a.cpp", std::string directory = "/p") {
  RawCommand raw;
  raw.file = std::move(file);
  raw.directory = std::move(directory);
  llvm::SmallVector<llvm::StringRef, 16> words;
  llvm::SplitString(line, words);
  for (llvm::StringRef word : words)
    raw.arguments.push_back(word.str());
  return cleanCommand(raw);
}

/// The words between the compiler and what every command gets at the end.
std::vector<std::string> kept(const CleanCommand &command) {
  std::vector<std::string> words;
  for (const std::string &word : command.job.arguments) {
    if (word.starts_with("-Wno-") || word == "-w")
      break;
    if (!word.starts_with("-fbracket-depth="))
      words.push_back(word);
  }
  return words;
}

TEST(CommandLine, outputsAndDependencyFilesAreDropped) {
  CleanCommand command = clean("clang++ -DX=1 -Iinclude -MD -MT a.o -MF a.o.d -o a.o -c a.cpp");
  EXPECT_EQ(command.skipped, "");
  EXPECT_THAT(kept(command), ElementsAre("clang++", "--driver-mode=g++", "-DX=1", "-Iinclude"));
  EXPECT_EQ(command.job.arguments.back(), "/p/a.cpp");
  EXPECT_THAT(command.job.arguments, Contains("-fsyntax-only"));
}

TEST(CommandLine, flagsOfGccThatClangLacksAreDroppedAndReported) {
  CleanCommand command = clean("g++ -fno-frobnicate-everything -Wlogical-op -mfancy-gcc-only -O2 -c a.cpp");
  EXPECT_THAT(command.droppedFlags, ElementsAre("-fno-frobnicate-everything", "-mfancy-gcc-only"));
  EXPECT_THAT(kept(command), ElementsAre("g++", "--driver-mode=g++", "-Wlogical-op", "-O2"));
}

TEST(CommandLine, launchersAreSkipped) {
  for (llvm::StringRef launcher :
       {"ccache", "/usr/bin/ccache CCACHE_DIR=x", "distcc", "/bin/sh ../libtool --tag=CXX --mode=compile", "env A=b"})
    EXPECT_EQ(kept(clean((launcher + " g++ -DX -c a.cpp").str())).front(), "g++") << launcher.str();
  EXPECT_NE(clean("ccache").skipped, "");
}

TEST(CommandLine, otherCompilersAndLanguagesAreNamed) {
  EXPECT_EQ(clean("cl.exe /c a.cpp").skipped, "cl");
  EXPECT_EQ(clean("/usr/local/cuda/bin/nvcc -c a.cu", "/p/a.cu").skipped, "nvcc");
  EXPECT_EQ(clean("gcc -c a.S", "/p/a.S").skipped, "assembler-with-cpp");
  EXPECT_EQ(clean("gcc -c a.s", "/p/a.s").skipped, "assembler");
  EXPECT_EQ(clean("clang -c a.m", "/p/a.m").skipped, "objective-c");
  EXPECT_EQ(clean("clang -c a.mm", "/p/a.mm").skipped, "objective-c++");
  EXPECT_EQ(clean("gfortran -c a.f90", "/p/a.f90").skipped, "f95-cpp-input");
  EXPECT_EQ(clean("rustc a.rs", "/p/a.rs").skipped, "file of unknown language");
  EXPECT_EQ(clean("gcc -x assembler-with-cpp -c a.cpp").skipped, "assembler-with-cpp");
}

TEST(CommandLine, theLanguageFollowsDashXAndTheCompiler) {
  EXPECT_THAT(clean("gcc -x c++ -c a.c", "/p/a.c").job.arguments, IsSupersetOf({"-x", "c++"}));
  EXPECT_THAT(clean("g++ -c a.c", "/p/a.c").job.arguments, IsSupersetOf({"-x", "c++"}));
  EXPECT_THAT(clean("gcc -c a.c", "/p/a.c").job.arguments, Not(Contains("-x")));
  EXPECT_THAT(clean("clang++ a.h", "/p/a.h").job.arguments, IsSupersetOf({"-x", "c++-header"}));
  EXPECT_THAT(clean("clang++ -std=c11 a.h", "/p/a.h").job.arguments, IsSupersetOf({"-x", "c-header", "-std=c11"}));
  EXPECT_THAT(clean("gcc -x c++ a.tpl", "/p/a.tpl").job.arguments, IsSupersetOf({"-x", "c++"}));
}

TEST(CommandLine, aStandardOfTheOtherLanguageIsDropped) {
  EXPECT_THAT(clean("clang -std=c++20 a.c", "/p/a.c").job.arguments, Not(Contains("-std=c++20")));
  EXPECT_THAT(clean("clang++ -std=c++20 a.cpp").job.arguments, Contains("-std=c++20"));
  EXPECT_THAT(clean("clang++ -std=c11 a.cpp").job.arguments, Not(Contains("-std=c11")));
  EXPECT_THAT(clean("clang++ -std=c++98 -std=c++17 a.cpp").job.arguments, Contains("-std=c++17"));
}

TEST(CommandLine, warningsAreNoErrors) {
  CleanCommand command = clean("g++ -Werror -Werror=shadow -pedantic-errors -Wall -c a.cpp");
  EXPECT_THAT(kept(command), ElementsAre("g++", "--driver-mode=g++", "-Wall"));
  EXPECT_THAT(command.job.arguments, Contains("-w"));
}

TEST(CommandLine, precompiledHeadersAndPluginsAreDropped) {
  TemporaryTree tree;
  tree.write("all.h");
  tree.write("all.h.gch");
  CleanCommand command = clean("g++ -include all.h.gch -include gone.h.gch -include-pch x.pch -fplugin=y.so -Xclang "
                               "-include-pch -Xclang z.pch -Xclang -include -Xclang z.h -c a.cpp",
                               tree.path("a.cpp"), tree.root());
  EXPECT_THAT(kept(command),
              ElementsAre("g++", "--driver-mode=g++", "-include", "all.h", "-Xclang", "-include", "-Xclang", "z.h"));
}

TEST(CommandLine, responseFilesAreExpandedAndMissingOnesForgotten) {
  TemporaryTree tree;
  tree.write("flags.rsp", "-DFROM_FILE \"-DQUOTED=a b\"");
  CleanCommand command = clean("g++ @flags.rsp @CMakeFiles/a.o.modmap -c a.cpp", tree.path("a.cpp"), tree.root());
  EXPECT_THAT(kept(command), ElementsAre("g++", "--driver-mode=g++", "-DFROM_FILE", "-DQUOTED=a b"));
}

TEST(CommandLine, otherInputsAndSecondArchitecturesAreDropped) {
  CleanCommand command = clean("clang++ -arch x86_64 -arch arm64 b.o a.cpp libc.a");
  EXPECT_THAT(kept(command), ElementsAre("clang++", "--driver-mode=g++", "-arch", "x86_64"));
}

TEST(CommandLine, aMissingValueAtTheEndIsHarmless) {
  EXPECT_EQ(clean("g++ a.cpp -I").skipped, "");
  EXPECT_EQ(clean("g++ a.cpp -o").skipped, "");
}

TEST(CommandLine, headersOfAnotherClangAreDropped) {
  CleanCommand command = clean("clang++ -resource-dir /old -resource-dir=/older a.cpp");
  EXPECT_THAT(kept(command), ElementsAre("clang++", "--driver-mode=g++"));
}

TEST(CommandLine, theOutputIsFound) {
  EXPECT_EQ(outputOf({"cc", "-c", "a.c", "-o", "x/a.o"}, "/b"), "/b/x/a.o");
  EXPECT_EQ(outputOf({"cc", "-c", "a.c"}, "/b"), "");
  EXPECT_EQ(outputOf({"cc", "-c", "a.c", "-o"}, "/b"), "");
}

TEST(CommandLine, languagesByExtension) {
  EXPECT_EQ(languageOf("a.c"), FileLanguage::C);
  for (const char *name : {"a.cc", "a.cpp", "a.cxx", "a.C", "a.c++", "a.cppm"})
    EXPECT_EQ(languageOf(name), FileLanguage::Cxx) << name;
  for (const char *name : {"a.h", "a.hpp", "a.hh", "a.inl", "a.tcc"})
    EXPECT_EQ(languageOf(name), FileLanguage::Header) << name;
  for (const char *name : {"a.py", "Makefile", "a.S", "a.m", ""})
    EXPECT_EQ(languageOf(name), FileLanguage::Other) << name;
}

} // namespace
