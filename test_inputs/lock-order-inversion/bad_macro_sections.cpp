// Critical sections behind a macro that declares a guard with a generated
// name. The palette is locked inside the canvas when painting and outside it
// when a theme is applied.
#include <mutex>
#include <thread>
#include <vector>

#define JOIN_(a, b) a##b
#define JOIN(a, b) JOIN_(a, b)
#define CRITICAL(m) const std::lock_guard<std::mutex> JOIN(section_, __LINE__)(m)

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
  CRITICAL(canvas.mutex);
  CRITICAL(palette.mutex); // expect: lock-order-inversion#theme
  for (int &pixel : canvas.pixels)
    pixel = palette.colour;
}

void applyTheme(int colour) {
  CRITICAL(palette.mutex);
  palette.colour = colour;
  CRITICAL(canvas.mutex); // expect: lock-order-inversion#theme
  canvas.pixels.assign(64, colour);
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
