// Rows and columns are locked in both orders, but never without the sheet's
// lock: no two threads can be inside at once.
#include <mutex>
#include <thread>

class Sheet {
public:
  void recalculate() {
    std::lock_guard<std::mutex> all(Gate);
    std::lock_guard<std::mutex> rows(RowLock);
    std::lock_guard<std::mutex> columns(ColumnLock);
    Rows = Columns + 1;
  }
  void transpose() {
    std::lock_guard<std::mutex> all(Gate);
    std::lock_guard<std::mutex> columns(ColumnLock);
    std::lock_guard<std::mutex> rows(RowLock);
    Columns = Rows - 1;
  }
  int rows() {
    std::lock_guard<std::mutex> lock(RowLock);
    return Rows;
  }

private:
  std::mutex Gate, RowLock, ColumnLock;
  int Rows = 1, Columns = 0;
};

int main() {
  Sheet sheet;
  std::thread other([&] { sheet.transpose(); });
  sheet.recalculate();
  other.join();
  return sheet.rows() > 100;
}
