#include "engine/box_record.h"

#include <algorithm>
#include <charconv>
#include <functional>
#include <map>
#include <vector>

namespace boxlite::engine {

namespace {

constexpr std::string_view kHeader = "boxlite-box 1";
constexpr std::string_view kEnd = "end ";
constexpr std::size_t kIdSize = 12;
constexpr std::string_view kEscaped = "% \n";
constexpr std::string_view kHex = "0123456789abcdef";

using Words = std::vector<std::string>;

std::uint32_t Checksum(std::string_view text) {
  std::uint32_t crc = ~0U;
  for (unsigned char byte : text) {
    crc ^= byte;
    for (int bit = 0; bit < 8; ++bit) crc = (crc >> 1) ^ ((crc & 1) != 0 ? 0xEDB88320U : 0U);
  }
  return ~crc;
}

/// The last line of a record.
std::string EndOf(std::string_view body) {
  std::string line(kEnd);
  line.append(std::to_string(Checksum(body))).append(1, '\n');
  return line;
}

std::string Escape(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (kEscaped.find(c) == std::string_view::npos) {
      out += c;
      continue;
    }
    const auto byte = static_cast<unsigned char>(c);
    out += '%';
    out += kHex[byte >> 4];
    out += kHex[byte & 15];
  }
  return out;
}

bool Unescape(std::string_view text, std::string& out) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    if (i + 2 >= text.size()) return false;
    const auto high = kHex.find(text[i + 1]);
    const auto low = kHex.find(text[i + 2]);
    if (high == std::string_view::npos || low == std::string_view::npos) return false;
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  // A text with a NUL would be another one to the ABI.
  return out.find('\0') == std::string::npos && IsUtf8(out.c_str());
}

bool Split(std::string_view line, Words& words) {
  for (;;) {
    const auto blank = line.find(' ');
    words.emplace_back();
    if (!Unescape(line.substr(0, blank), words.back())) return false;
    if (blank == std::string_view::npos) return true;
    line.remove_prefix(blank + 1);
  }
}

class Writer {
 public:
  void Line(std::string_view key, const Words& values) {
    text_ += key;
    for (const auto& value : values) text_.append(1, ' ').append(Escape(value));
    text_ += '\n';
  }
  void Text(std::string_view key, const std::string& value) {
    if (!value.empty()) Line(key, {value});
  }
  void Flag(std::string_view key, bool value) { Line(key, {value ? "1" : "0"}); }
  template <class Number>
  void Optional(std::string_view key, const std::optional<Number>& value) {
    if (value) Line(key, {std::to_string(*value)});
  }
  std::string& text() { return text_; }

 private:
  std::string text_;
};

template <class Number>
bool ReadNumber(const std::string& text, Number& number) {
  const char* end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, number);
  return result.ec == std::errc() && result.ptr == end;
}

template <class Number>
bool ReadNumber(const std::string& text, std::optional<Number>& number) {
  return ReadNumber(text, number.emplace());
}

bool ReadFlag(const std::string& text, bool& flag) {
  flag = text == "1";
  return flag || text == "0";
}

constexpr std::pair<BoxRecord::Status, const char*> kStatusWords[] = {
    {BoxRecord::Status::kConfigured, "configured"},
    {BoxRecord::Status::kRunning, "running"},
    {BoxRecord::Status::kStopped, "stopped"},
};

bool ReadStatus(const std::string& text, BoxRecord::Status& status) {
  const auto* found = std::find_if(std::begin(kStatusWords), std::end(kStatusWords),
                                   [&text](const auto& pair) { return text == pair.second; });
  if (found == std::end(kStatusWords)) return false;
  status = found->first;
  return true;
}

/// Takes the values of one line. A line that nobody knows was written by somebody who knew more.
bool TakeLine(const std::string& key, const Words& values, BoxRecord& record) {
  using Read = std::function<bool(BoxRecord&, const std::string&)>;
  const auto text = [](std::string Options::*member) -> Read {
    return [member](BoxRecord& r, const std::string& value) {
      r.options.*member = value;
      return true;
    };
  };
  const auto number = [](auto Options::*member) -> Read {
    return [member](BoxRecord& r, const std::string& value) { return ReadNumber(value, r.options.*member); };
  };
  const auto flag = [](bool Options::*member) -> Read {
    return [member](BoxRecord& r, const std::string& value) { return ReadFlag(value, r.options.*member); };
  };
  const auto word = [](std::vector<std::string> Advanced::*member) -> Read {
    return [member](BoxRecord& r, const std::string& value) {
      (r.options.advanced.*member).push_back(value);
      return true;
    };
  };
  // Not destroyed: a thread may still ask while the process exits.
  static const auto& readers = *new std::map<std::string, Read, std::less<>>{
      {"id", [](BoxRecord& r, const std::string& value) { return IsBoxId(r.id = value); }},
      {"created", [](BoxRecord& r, const std::string& value) { return ReadNumber(value, r.created_at); }},
      {"status", [](BoxRecord& r, const std::string& value) { return ReadStatus(value, r.status); }},
      {"boot", [](BoxRecord& r, const std::string& value) { return !(r.machine_boot = value).empty(); }},
      {"image", text(&Options::image)},
      {"rootfs", text(&Options::rootfs_path)},
      {"name", text(&Options::name)},
      {"cpus", number(&Options::cpus)},
      {"memory_mib", number(&Options::memory_mib)},
      {"disk_gb", number(&Options::disk_size_gb)},
      {"workdir", text(&Options::workdir)},
      {"user", text(&Options::user)},
      {"auto_remove", flag(&Options::auto_remove)},
      {"auto_delete", number(&Options::auto_delete_seconds)},
      {"auto_resume", flag(&Options::auto_resume)},
      {"detach", flag(&Options::detach)},
      {"security",
       [](BoxRecord& r, const std::string& value) {
         return ReadFlag(value, r.options.advanced.security_enabled.emplace());
       }},
      {"capability_add", word(&Advanced::capabilities_add)},
      {"capability_drop", word(&Advanced::capabilities_drop)},
  };
  if (key == "env" && values.size() == 2) {
    record.options.env.emplace_back(values[0], values[1]);
    return true;
  }
  const auto found = readers.find(key);
  return found != readers.end() && values.size() == 1 && found->second(record, values[0]);
}

/// The text before the last line, if that line is the checksum of it.
bool CheckWhole(std::string_view& text) {
  if (!text.ends_with('\n')) return false;
  const auto at = text.rfind('\n', text.size() - 2);
  if (text.size() < 2 || at == std::string_view::npos) return false;
  const std::string_view last = text.substr(at + 1);
  const std::string_view body = text.substr(0, at + 1);
  if (last != EndOf(body)) return false;
  text = body;
  return true;
}

}  // namespace

bool IsBoxId(std::string_view text) {
  return text.size() == kIdSize && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
         });
}

std::string FormatRecord(const BoxRecord& record) {
  const Options& options = record.options;
  Writer out;
  out.text().append(kHeader).append(1, '\n');
  out.Line("id", {record.id});
  out.Line("created", {std::to_string(record.created_at)});
  for (const auto& [status, word] : kStatusWords) {
    if (status == record.status) out.Line("status", {word});
  }
  out.Text("boot", record.machine_boot);
  out.Text("image", options.image);
  out.Text("rootfs", options.rootfs_path);
  out.Text("name", options.name);
  out.Optional("cpus", options.cpus);
  out.Optional("memory_mib", options.memory_mib);
  out.Optional("disk_gb", options.disk_size_gb);
  out.Text("workdir", options.workdir);
  out.Text("user", options.user);
  for (const auto& [key, value] : options.env) out.Line("env", {key, value});
  out.Flag("auto_remove", options.auto_remove);
  out.Optional("auto_delete", options.auto_delete_seconds);
  out.Flag("auto_resume", options.auto_resume);
  out.Flag("detach", options.detach);
  if (const auto& security = options.advanced.security_enabled) out.Flag("security", *security);
  for (const auto& name : options.advanced.capabilities_add) out.Line("capability_add", {name});
  for (const auto& name : options.advanced.capabilities_drop) out.Line("capability_drop", {name});
  return out.text() + EndOf(out.text());
}

bool ParseRecord(std::string_view text, BoxRecord& record, std::string& why) {
  why = "it is damaged or not complete";
  if (!CheckWhole(text)) return false;
  bool first = true;
  while (!text.empty()) {
    const auto end = text.find('\n');
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    if (std::exchange(first, false)) {
      if (line == kHeader) continue;
      why = "it is of an unknown version";
      return false;
    }
    Words words;
    bool good = Split(line, words);
    const std::string key = words.front();
    words.erase(words.begin());
    good = good && TakeLine(key, words, record);
    if (good) continue;
    why = "it has an unknown or faulty line '" + key + "'";
    return false;
  }
  why = "it has no id";
  return !record.id.empty();
}

}  // namespace boxlite::engine
