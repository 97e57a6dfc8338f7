//===- CycleDrawing.cpp - A cycle of locks as SVG ---------------*- C++ -*-===//
//
// Part of Gridlock, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
///
/// \file
/// The nodes stand on an ellipse, the first one at the left, in the order in
/// which the cycle visits them. An edge is a quadratic curve bent to its left,
/// so that a->b and b->a do not lie on each other; it starts and ends where it
/// meets the boxes. Coordinates are whole numbers: no digit depends on the
/// machine's rounding.
///
//===----------------------------------------------------------------------===//

#include "output/CycleDrawing.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include <algorithm>
#include <cmath>
#include <numbers>

namespace gridlock::output {

namespace {

constexpr std::size_t MaxLabel = 30;
constexpr double BoxHeight = 30, CharacterWidth = 8.2, Margin = 34;

struct Point {
  double x, y;
};

struct Node {
  std::string name;
  std::string label;
  Point centre{0, 0};
  double halfWidth = 0;
};

/// Keeps both ends of a long name: the field is at its end.
std::string shorten(llvm::StringRef name) {
  std::string valid = llvm::json::fixUTF8(name);
  if (valid.size() <= MaxLabel)
    return valid;
  std::string cut = llvm::StringRef(valid).take_front(MaxLabel / 2 - 2).str() + "..." +
                    llvm::StringRef(valid).take_back(MaxLabel / 2 - 1).str();
  return llvm::json::fixUTF8(cut);
}

/// Where the line from `outside` to the node's centre enters its box.
Point enterBox(const Node &node, Point outside) {
  double dx = outside.x - node.centre.x, dy = outside.y - node.centre.y;
  double halfWidth = node.halfWidth + 3, halfHeight = BoxHeight / 2 + 3;
  double scale = std::min(dx != 0 ? halfWidth / std::abs(dx) : 1e9, dy != 0 ? halfHeight / std::abs(dy) : 1e9);
  return {node.centre.x + dx * scale, node.centre.y + dy * scale};
}

long rounded(double value) { return std::lround(value); }

class Drawing {
public:
  Drawing(llvm::ArrayRef<CycleEdge> edges, llvm::raw_ostream &os) : Edges(edges), Stream(os) {}

  void draw() {
    collectNodes();
    placeNodes();
    Stream << "<svg class=\"cycle\" role=\"img\" aria-label=\"Cycle of " << Nodes.size()
           << " resources\" viewBox=\"0 0 " << rounded(Size.x) << ' ' << rounded(Size.y) << "\" width=\""
           << rounded(Size.x) << "\" height=\"" << rounded(Size.y) << "\">\n";
    for (const CycleEdge &edge : Edges)
      drawEdge(edge);
    for (const Node &node : Nodes)
      drawNode(node);
    Stream << "</svg>\n";
  }

private:
  const Node &node(llvm::StringRef name) const {
    return *llvm::find_if(Nodes, [&](const Node &each) { return each.name == name; });
  }

  void collectNodes() {
    for (const CycleEdge &edge : Edges)
      for (const std::string &name : {edge.from, edge.to})
        if (llvm::none_of(Nodes, [&](const Node &each) { return each.name == name; })) {
          Node made{name, shorten(name)};
          made.halfWidth = made.label.size() * CharacterWidth / 2 + 10;
          Nodes.push_back(std::move(made));
        }
  }

  void placeNodes() {
    double widest = 0;
    for (const Node &each : Nodes)
      widest = std::max(widest, each.halfWidth);
    double count = static_cast<double>(Nodes.size());
    double radiusX = Nodes.size() < 2 ? 0 : widest + 50 + 22 * count;
    double radiusY = Nodes.size() < 3 ? 0 : 50 + 18 * count;
    // Room for the curves above and below two nodes, and for a loop at one.
    double extraY = Nodes.size() == 1 ? 46 : Nodes.size() == 2 ? 28 : 10;
    Size = {2 * (radiusX + widest + Margin), 2 * (radiusY + BoxHeight / 2 + Margin / 2 + extraY)};
    for (std::size_t index = 0; index < Nodes.size(); ++index) {
      double angle = std::numbers::pi + 2 * std::numbers::pi * static_cast<double>(index) / count;
      Nodes[index].centre = {Size.x / 2 + radiusX * std::cos(angle), Size.y / 2 + radiusY * std::sin(angle)};
    }
  }

  void drawEdge(const CycleEdge &edge) {
    const Node &from = node(edge.from), &to = node(edge.to);
    Point label;
    Stream << "<path marker-end=\"url(#arrow)\" d=\"";
    if (&from == &to) {
      double top = from.centre.y - BoxHeight / 2 - 3;
      Stream << 'M' << rounded(from.centre.x - 24) << ' ' << rounded(top) << " C" << rounded(from.centre.x - 50) << ' '
             << rounded(top - 50) << ' ' << rounded(from.centre.x + 50) << ' ' << rounded(top - 50) << ' '
             << rounded(from.centre.x + 24) << ' ' << rounded(top);
      label = {from.centre.x, top - 46};
    } else {
      double dx = to.centre.x - from.centre.x, dy = to.centre.y - from.centre.y;
      double length = std::hypot(dx, dy), bend = Nodes.size() < 3 ? 70 : 40;
      Point middle{(from.centre.x + to.centre.x) / 2, (from.centre.y + to.centre.y) / 2};
      Point control{middle.x + dy / length * bend, middle.y - dx / length * bend};
      Point start = enterBox(from, control), end = enterBox(to, control);
      Stream << 'M' << rounded(start.x) << ' ' << rounded(start.y) << " Q" << rounded(control.x) << ' '
             << rounded(control.y) << ' ' << rounded(end.x) << ' ' << rounded(end.y);
      label = {(middle.x + control.x) / 2, (middle.y + control.y) / 2};
    }
    Stream << "\"/>\n<text class=\"edge\" x=\"" << rounded(label.x) << "\" y=\"" << rounded(label.y) << "\">thread "
           << edge.thread + 1 << "</text>\n";
  }

  void drawNode(const Node &each) {
    Stream << "<g><title>";
    llvm::printHTMLEscaped(llvm::json::fixUTF8(each.name), Stream);
    Stream << "</title><rect x=\"" << rounded(each.centre.x - each.halfWidth) << "\" y=\""
           << rounded(each.centre.y - BoxHeight / 2) << "\" width=\"" << rounded(2 * each.halfWidth) << "\" height=\""
           << rounded(BoxHeight) << "\" rx=\"8\"/><text x=\"" << rounded(each.centre.x) << "\" y=\""
           << rounded(each.centre.y) << "\">";
    llvm::printHTMLEscaped(each.label, Stream);
    Stream << "</text></g>\n";
  }

  llvm::ArrayRef<CycleEdge> Edges;
  llvm::raw_ostream &Stream;
  std::vector<Node> Nodes;
  Point Size{0, 0};
};

} // namespace

void drawCycle(llvm::ArrayRef<CycleEdge> edges, llvm::raw_ostream &os) { Drawing(edges, os).draw(); }

} // namespace gridlock::output
