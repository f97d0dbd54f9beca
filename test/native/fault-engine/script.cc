#include "script.h"

#include <algorithm>
#include <charconv>
#include <set>

namespace boxlite::fault {

namespace {

struct Word {
  std::string text;
  bool quoted = false;
};
using Words = std::vector<Word>;

// What the ABI can be made to fail at. "exec" also of a box: for every command in it.
const std::set<std::string, std::less<>> kCalls = {
    "new",      "shutdown", "create", "get",     "info",   "list",   "remove",  "start",        "stop",
    "exec",     "free",     "kill",   "signal",  "resize", "write",  "close",   "onwait",       "onexit",
    "onstdout", "onstderr", "copy",   "metrics", "pull",   "images", "volumes", "runtime-free", "box-free",
};

/// Splits at blanks; ';' and line ends separate commands; "…" with \n, \t, \\, \" and \xNN is one word.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  /// The words of the next command; nothing at the end.
  std::optional<Words> Next() {
    Words words;
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == ';' || c == '\n') {
        ++at_;
        if (!words.empty()) return words;
      } else if (c == ' ' || c == '\t' || c == '\r') {
        ++at_;
      } else {
        words.push_back(c == '"' ? Quoted() : Bare());
      }
    }
    if (words.empty()) return std::nullopt;
    return words;
  }

 private:
  Word Bare() {
    const auto start = at_;
    while (at_ < text_.size() && std::string_view(" \t\r\n;").find(text_[at_]) == std::string_view::npos)
      ++at_;
    return {std::string(text_.substr(start, at_ - start)), false};
  }

  Word Quoted() {
    std::string out;
    for (++at_; at_ < text_.size() && text_[at_] != '"'; ++at_) {
      out += text_[at_] == '\\' && at_ + 1 < text_.size() ? Escaped() : text_[at_];
    }
    ++at_;
    return {std::move(out), true};
  }

  char Escaped() {
    const char c = text_[++at_];
    if (c == 'n') return '\n';
    if (c == 't') return '\t';
    if (c != 'x') return c;
    unsigned value = 0;
    std::from_chars(text_.data() + at_ + 1, text_.data() + std::min(at_ + 3, text_.size()), value, 16);
    at_ += 2;
    return static_cast<char>(value);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// The words of one command, taken one after another; what does not fit makes it bad.
class Command {
 public:
  explicit Command(Words words) : words_(std::move(words)) {}

  bool ok() const { return ok_ && at_ == words_.size(); }
  bool more() const { return at_ < words_.size(); }
  bool quoted() const { return more() && words_[at_].quoted; }
  bool takes(std::string_view word) {
    const bool fits = more() && !words_[at_].quoted && words_[at_].text == word;
    if (fits) ++at_;
    return fits;
  }
  std::string Text() {
    if (more()) return words_[at_++].text;
    ok_ = false;
    return {};
  }
  std::int64_t Number() {
    const std::string word = Text();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error != std::errc() || end != word.data() + word.size()) ok_ = false;
    return value;
  }
  bool number() const {
    return more() && !words_[at_].quoted &&
           words_[at_].text.find_first_not_of("-0123456789") == std::string::npos;
  }
  std::string TextOr(const char* fallback) { return more() ? Text() : fallback; }
  Until Time() {
    const std::string word = Text();
    int value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    if (error == std::errc() && std::string_view(end, word.data() + word.size()) == "ms")
      return {"", std::chrono::milliseconds(value)};
    return {word, std::chrono::milliseconds(0)};
  }
  int Stream() {
    if (takes("stderr")) return BOXLITE_STREAM_STDERR;
    ok_ = ok_ && takes("stdout");
    return BOXLITE_STREAM_STDOUT;
  }
  void Bad() { ok_ = false; }

 private:
  Words words_;
  std::size_t at_ = 0;
  bool ok_ = true;
};

/// "CALL returns CODE [STRUCT_CODE] [MESSAGE]", "CALL fails CODE [MESSAGE]", "CALL holds UNTIL", "CALL null",
/// "CALL twice".
void ReadFault(Command& command, Fault& fault) {
  if (command.takes("returns")) {
    const int code = static_cast<int>(command.Number());
    fault.struct_code = command.number() ? static_cast<int>(command.Number()) : code;
    fault.returned = Failure{code, command.TextOr("scripted")};
  } else if (command.takes("fails")) {
    const int code = static_cast<int>(command.Number());
    fault.answered = Failure{code, command.TextOr("scripted")};
  } else if (command.takes("holds")) {
    fault.hold = command.Time();
  } else if (command.takes("null")) {
    fault.null = true;
  } else if (command.takes("twice")) {
    fault.twice = true;
  } else {
    command.Bad();
  }
}

bool ReadFlag(Command& command, Script& script) {
  if (command.takes("early")) return script.early = true;
  if (command.takes("ignore-kill")) return script.ignores_kill = true;
  if (command.takes("outlive")) return script.outlives = true;
  return false;
}

Step ReadChunk(Command& command, int stream) {
  Step step{.verb = Step::Verb::kChunk, .stream = stream};
  if (command.quoted()) {
    step.text = command.Text();
  } else {
    step.size = static_cast<std::size_t>(command.Number());
  }
  return step;
}

Step ReadWait(Command& command) {
  Step step{.verb = Step::Verb::kWait, .code = -1};
  if (command.takes("error")) {
    const int code = static_cast<int>(command.Number());
    step.failure = {code, command.TextOr("scripted")};
  } else {
    step.code = static_cast<int>(command.Number());
  }
  return step;
}

Step WithCode(Step::Verb verb, Command& command) {
  return {.verb = verb, .code = static_cast<int>(command.Number())};
}

Step WithTime(Step::Verb verb, Command& command) { return {.verb = verb, .until = command.Time()}; }

Step ReadStep(Command& command) {
  using Verb = Step::Verb;
  if (command.takes("stdout")) return ReadChunk(command, BOXLITE_STREAM_STDOUT);
  if (command.takes("stderr")) return ReadChunk(command, BOXLITE_STREAM_STDERR);
  if (command.takes("wait")) return ReadWait(command);
  if (command.takes("wait-again")) return WithCode(Verb::kWaitAgain, command);
  if (command.takes("exit")) return WithCode(Verb::kExit, command);
  if (command.takes("end")) return WithCode(Verb::kEnd, command);
  if (command.takes("hold")) return WithTime(Verb::kHold, command);
  if (command.takes("drain-holds")) return WithTime(Verb::kDrainHolds, command);
  if (command.takes("queue-full")) return WithTime(Verb::kQueueFull, command);
  if (command.takes("drain-fails")) return WithCode(Verb::kDrainFails, command);
  if (command.takes("release")) return {.verb = Verb::kRelease, .text = command.Text()};
  if (command.takes("show")) return {.verb = Verb::kShow, .text = command.Text()};
  if (command.takes("echo")) return {.verb = Verb::kEcho};
  if (command.takes("thread")) return {.verb = Verb::kThread};
  if (command.takes("stop-box")) return {.verb = Verb::kStopBox};
  if (command.takes("drain-ends")) return {.verb = Verb::kDrainEnds};
  if (command.takes("clear-log")) return {.verb = Verb::kClearLog};
  Step step{.verb = Verb::kFlood};
  if (!command.takes("flood")) command.Bad();
  step.stream = command.Stream();
  step.count = static_cast<std::uint64_t>(command.Number());
  step.size = static_cast<std::size_t>(command.Number());
  return step;
}

std::string Show(const Words& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : " ") + word.text;
  return text;
}

}  // namespace

const Fault& Script::FaultOf(std::string_view call) const {
  static const auto& none = *new Fault;
  auto found = faults.find(call);
  return found == faults.end() ? none : found->second;
}

bool Parse(std::string_view text, Script& script, std::string& error) {
  Lexer lexer(text);
  while (auto words = lexer.Next()) {
    const std::string shown = Show(*words);
    const std::string first = words->front().text;
    Command command(std::move(*words));
    if (kCalls.contains(first) && !ReadFlag(command, script)) {
      (void)command.Text();
      ReadFault(command, script.faults[first]);
    } else if (!ReadFlag(command, script)) {
      script.steps.push_back(ReadStep(command));
      const Step& step = script.steps.back();
      script.traps_signals |= step.verb == Step::Verb::kHold && step.until.gate == "signal";
    }
    if (command.ok()) continue;
    error = "the fault engine does not understand \"" + shown + "\"";
    return false;
  }
  return true;
}

bool ParseNamed(std::string_view text, Script& script, std::string& error) {
  constexpr std::string_view kMark = "fault:";
  return !text.starts_with(kMark) || Parse(text.substr(kMark.size()), script, error);
}

}  // namespace boxlite::fault
