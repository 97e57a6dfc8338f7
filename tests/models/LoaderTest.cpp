//===- LoaderTest.cpp - Model files: what is accepted, what is refused --------===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//

#include "models/Model.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

using namespace gridlock::model;
using testing::HasSubstr;
using testing::StartsWith;

namespace {

std::string load(Models &models, llvm::StringRef yaml) {
  if (llvm::Error error = models.add(yaml, "models/x.yaml"))
    return toString(std::move(error));
  return "";
}

/// The error for a file with this list of functions.
std::string errorOf(llvm::StringRef yaml) {
  Models models;
  return load(models, yaml);
}

TEST(Loader, ReadsEffects) {
  Models models;
  ASSERT_EQ(load(models, R"(
library: x
constants: {NOBLOCK: 0x10}
functions:
  - name: x_lock
    effects:
      - try-acquire:
          lock: "*0"
          mode: shared
          success: "result == #0"
          bound: {value: "2", unit: milliseconds, infinite: ["2 < #0", "2 == #9"]}
          unless: "1 & $NOBLOCK"
      - set: {place: this.$owns, value: "#1", when: [result, "!1"]}
      - exits
      - python: {may-release: true}
)"),
            "");
  const FunctionModel *function = models.function("x_lock", {});
  ASSERT_NE(function, nullptr);
  EXPECT_EQ(function->library, "x");
  EXPECT_EQ(function->line, 5u);
  ASSERT_EQ(function->effects.size(), 4u);
  const Effect &acquire = function->effects[0];
  EXPECT_EQ(acquire.kind, EffectKind::TryAcquire);
  EXPECT_EQ(acquire.lock.text, "*0");
  EXPECT_EQ(acquire.mode, LockMode::Shared);
  ASSERT_TRUE(acquire.success.has_value());
  EXPECT_EQ(acquire.success->comparison, Comparison::Equal);
  ASSERT_TRUE(acquire.bound.has_value());
  EXPECT_EQ(acquire.bound->unit, "milliseconds");
  EXPECT_EQ(acquire.bound->infinite.size(), 2u);
  ASSERT_EQ(acquire.unless.size(), 1u);
  EXPECT_EQ(acquire.unless[0].right.steps[0].number, 16);
  EXPECT_EQ(function->effects[1].when.size(), 2u);
  EXPECT_EQ(function->effects[2].kind, EffectKind::Exits);
  EXPECT_TRUE(function->effects[3].mayRelease);
}

TEST(Loader, ReadsTheShortForm) {
  Models models;
  ASSERT_EQ(load(models, R"(
library: x
functions:
  - name: f
    effects:
      - acquire: "*0"
      - acquire-all: ["*0", "*1"]
      - unsafe-in-signal: malloc
)"),
            "");
  const FunctionModel *function = models.function("f", {});
  ASSERT_EQ(function->effects.size(), 3u);
  EXPECT_EQ(function->effects[0].lock.text, "*0");
  EXPECT_EQ(function->effects[1].locks.size(), 2u);
  EXPECT_EQ(function->effects[2].what, "malloc");
}

TEST(Loader, ReadsTypes) {
  Models models;
  ASSERT_EQ(load(models, R"(
library: x
types:
  - names: [x::Mutex, x::Rec]
    lock: rwlock
    recursive: shared
    prefers-readers: true
  - name: PyMethodDef
    callback-fields: ml_meth
    callback-locks: ["@gil"]
)"),
            "");
  ASSERT_NE(models.type("x::Rec"), nullptr);
  EXPECT_EQ(models.type("x::Rec")->lock, LockKind::ReaderWriter);
  EXPECT_EQ(models.type("x::Rec")->recursive, Recursion::Shared);
  EXPECT_TRUE(models.type("x::Rec")->prefersReaders);
  ASSERT_NE(models.type("PyMethodDef"), nullptr);
  EXPECT_THAT(models.type("PyMethodDef")->callbackFields, testing::ElementsAre("ml_meth"));
  EXPECT_EQ(models.type("PyMethodDef")->callbackLocks.size(), 1u);
  EXPECT_EQ(models.type("y"), nullptr);
}

TEST(Loader, ErrorsHaveAPlaceAndSayWhatIsAllowed) {
  EXPECT_EQ(errorOf(R"(library: x
functions:
  - name: f
    effects:
      - acquire: {lok: "*0"}
)"),
            "models/x.yaml:5:19: unknown key 'lok' in the effect 'acquire' (allowed: lock, mode, bound, success, "
            "reentrant, when, unless)");
  EXPECT_THAT(errorOf("library: x\nfunktions: []\n"),
              StartsWith("models/x.yaml:2:1: unknown key 'funktions' in a model file (allowed: library, "));
  EXPECT_THAT(errorOf("library: x\nfunctions:\n  - name: f\n    effect: []\n"),
              StartsWith("models/x.yaml:4:5: unknown key 'effect' in a function (allowed: name, names, "));
  EXPECT_THAT(errorOf("library: x\ntypes:\n  - name: t\n    kind: mutex\n"),
              StartsWith("models/x.yaml:4:5: unknown key 'kind' in a type (allowed: "));
  EXPECT_THAT(errorOf("library: x\ntypes:\n  - name: t\n    lock: lock\n"),
              StartsWith("models/x.yaml:4:11: unknown word 'lock' (allowed: mutex, rwlock, spin, "));
}

std::string effectError(llvm::StringRef effect) {
  return errorOf(("library: x\nfunctions:\n  - name: f\n    effects:\n      - " + effect + "\n").str());
}

TEST(Loader, RefusesWrongEffects) {
  EXPECT_THAT(effectError("aquire: \"*0\""),
              StartsWith("models/x.yaml:5:9: unknown effect 'aquire' (allowed: acquire,"));
  EXPECT_THAT(effectError("set: {place: this.x}"), HasSubstr("'set' needs the key 'value'"));
  EXPECT_THAT(effectError("set: this.x"), HasSubstr("'set' has no short form; its keys: place, value"));
  EXPECT_THAT(effectError("acquire: {lock: \"*0\", mode: share}"),
              HasSubstr("unknown word 'share' (allowed: exclusive"));
  EXPECT_THAT(effectError("blocks: {what: nap}"), HasSubstr("unknown word 'nap' (allowed: sleep"));
  EXPECT_THAT(effectError("calls: {callee: \"1\", times: twice}"), HasSubstr("(allowed: once, many, maybe)"));
  EXPECT_THAT(effectError("fork: {shared: maybe}"), HasSubstr("'maybe' is neither true nor false"));
  EXPECT_THAT(effectError("blocks: {what: sleep, bound: {value: \"0\", unit: hours}}"), HasSubstr("(allowed: seconds"));
  EXPECT_THAT(effectError("blocks: {what: sleep, bound: {value: \"0\"}}"), HasSubstr("a bound needs 'unit'"));
  EXPECT_THAT(effectError("blocks: {what: sleep, bound: {units: some}}"), HasSubstr("unknown key 'units' in a bound"));
  EXPECT_THAT(effectError("acquire: {lock: \"*1.x\"}"), HasSubstr("models/x.yaml:5:25: in '*1.x': "));
  EXPECT_THAT(effectError("acquire: {lock: \"*1\", when: \"1 = 2\"}"), HasSubstr("nothing may follow"));
  EXPECT_THAT(effectError("blocks: {what: child, unless: \"2 & $NOSUCH\"}"), HasSubstr("unknown constant '$NOSUCH'"));
}

TEST(Loader, ExplainsTrapsOfYaml) {
  EXPECT_THAT(effectError("acquire: *0"), HasSubstr("put it in quotes"));
  EXPECT_THAT(effectError("set: {place: this.x, value: &x}"), HasSubstr("needs quotes"));
  EXPECT_THAT(effectError("returns: #1"), HasSubstr("'returns' needs the key 'value'"));
  EXPECT_THAT(errorOf("library: x\nfunctions: [\n"), HasSubstr("this is not YAML"));
  EXPECT_THAT(errorOf("library: x\nlibrary: y\n"), HasSubstr("models/x.yaml:2:1: the key 'library' stands here twice"));
  EXPECT_THAT(errorOf("- a\n"), HasSubstr("a model file begins with `library: NAME`"));
}

TEST(Loader, ErrorsAreOneLine) {
  // YAML joins the lines of a quoted key.
  std::string error = errorOf("library: x\n\"a\\nb" + std::string(500, 'y') + "\": 1\n");
  EXPECT_EQ(error.find('\n'), std::string::npos);
  EXPECT_LT(error.size(), 200u);
  EXPECT_THAT(error, StartsWith("models/x.yaml:2:1: unknown key 'a byyy"));
}

TEST(Loader, RefusesWrongFunctions) {
  auto function = [](llvm::StringRef text) { return errorOf(("library: x\nfunctions:\n" + text).str()); };
  EXPECT_THAT(function("  - pure: true\n"), HasSubstr("this function has no 'name'"));
  EXPECT_THAT(function("  - f\n"), HasSubstr("a function is written `- name: NAME`"));
  EXPECT_THAT(function("  - name: \"a{b\"\n"), HasSubstr("a brace in 'a{b' has no partner"));
  EXPECT_THAT(function("  - name: a*b\n"), HasSubstr("'*' may only stand at the end"));
  EXPECT_THAT(function("  - name: f\n    pure: true\n    effects: [exits]\n"), HasSubstr("said to be pure"));
  EXPECT_THAT(function("  - name: f\n    parameters: [..., _]\n"), HasSubstr("'...' stands at the end"));
  EXPECT_THAT(function("  - name: f\n    parameters: _\n"), HasSubstr("'parameters' is a list"));
}

TEST(Loader, RefusesEntriesThatAreNeverReached) {
  EXPECT_EQ(errorOf("library: x\nfunctions:\n  - name: f\n    pure: true\n  - names: [g, f]\n    effects: [exits]\n"),
            "models/x.yaml:5:5: second entry for 'f' with these parameters: the one in line 3 hides it");
  EXPECT_THAT(errorOf("library: x\nfunctions:\n  - name: f\n    parameters: [_]\n  - name: f\n    parameters: [_]\n"),
              HasSubstr("second entry for 'f'"));
  EXPECT_EQ(errorOf("library: x\nfunctions:\n  - name: f\n    parameters: [_]\n  - name: f\n"), "");
}

TEST(Loader, AWrongFileLeavesNothingBehind) {
  Models models;
  std::uint64_t before = models.version();
  EXPECT_NE(
      load(models, "library: x\nconstants: {A: 1}\nfunctions:\n  - name: f\n    pure: true\n  - name: g\n    z: 1\n"),
      "");
  EXPECT_FALSE(models.knows("f"));
  EXPECT_FALSE(models.constant("A").has_value());
  EXPECT_EQ(models.version(), before);
}

TEST(Loader, VersionDependsOnTheText) {
  Models one, two;
  ASSERT_EQ(load(one, "library: x\nconstants: {A: 1}\n"), "");
  ASSERT_EQ(load(two, "library: x\nconstants: {A: 2}\n"), "");
  EXPECT_NE(one.version(), two.version());
}

} // namespace
