// The macro ends the palette's section before the canvas is locked, since the
// sections are blocks of their own.
#include <mutex>
#include <thread>
#include <vector>

#define CRITICAL(m) if (const std::lock_guard<std::mutex> section(m); true)

namespace {
struct Canvas {
  std::mutex mutex;
  std::vector<int> pixels = std::vector<int>(64);
};
struct Palette {
  std::mutex mutex;
  int colour = 1;
};

Canvas canvas;
Palette palette;

void paint() {
  CRITICAL(canvas.mutex) {
    CRITICAL(palette.mutex) {
      for (int &pixel : canvas.pixels)
        pixel = palette.colour;
    }
  }
}

void applyTheme(int colour) {
  CRITICAL(palette.mutex) { palette.colour = colour; }
  CRITICAL(canvas.mutex) { canvas.pixels.assign(64, colour); }
}
} // namespace

int main() {
  std::thread painter([] {
    for (int i = 0; i < 10; ++i)
      paint();
  });
  applyTheme(3);
  painter.join();
}
