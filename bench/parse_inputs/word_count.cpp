// Counts words of the files named on the command line, a thread each.
#include <algorithm>
#include <cctype>
#include <fstream>
#include <iostream>
#include <map>
#include <mutex>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

namespace {
std::mutex totalsGuard;
std::map<std::string, long> totals;

void count(const std::string &path) {
  std::ifstream file(path);
  if (!file) {
    std::cerr << path << ": cannot be read\n";
    return;
  }
  std::map<std::string, long> words;
  for (std::string line; std::getline(file, line);) {
    std::istringstream stream(line);
    for (std::string word; stream >> word;) {
      std::transform(word.begin(), word.end(), word.begin(), [](unsigned char c) { return std::tolower(c); });
      word.erase(std::remove_if(word.begin(), word.end(), [](unsigned char c) { return std::ispunct(c); }), word.end());
      if (!word.empty())
        ++words[word];
    }
  }
  std::lock_guard<std::mutex> lock(totalsGuard);
  for (const auto &[word, number] : words)
    totals[word] += number;
}
} // namespace

int main(int argc, char **argv) {
  std::vector<std::thread> readers;
  for (int index = 1; index < argc; ++index)
    readers.emplace_back(count, argv[index]);
  for (auto &reader : readers)
    reader.join();
  std::vector<std::pair<std::string, long>> sorted(totals.begin(), totals.end());
  std::sort(sorted.begin(), sorted.end(), [](const auto &a, const auto &b) { return a.second > b.second; });
  for (const auto &[word, number] : sorted)
    std::cout << number << '\t' << word << '\n';
}
