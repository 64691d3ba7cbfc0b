// SPDX-License-Identifier: Apache-2.0
// ESP8266 application images, plain and the ESP8266's second form ("V2", for its own boot loader).
#include <algorithm>
#include <array>

#include "firmware/format.hpp"

namespace assay::firmware {
namespace {

// e9, a count of segments and a flash mode (QIO, QOUT, DIO, DOUT); ea 04 and a mode for the second form. The tool makes up to 16
// segments, linkers no more than 6.
#define MODES(head) {std::string_view(head "\0", 3)}, {head "\x01"}, {head "\x02"}, {head "\x03"}
constexpr auto kMagics = std::to_array<Magic>(
    {MODES("\xe9\x01"), MODES("\xe9\x02"), MODES("\xe9\x03"), MODES("\xe9\x04"), MODES("\xe9\x05"), MODES("\xe9\x06"), MODES("\xea\x04")});
#undef MODES
constexpr std::uint8_t kPlain = 0xe9;
constexpr std::uint8_t kSecond = 0xea;
constexpr std::uint64_t kHeader = 8;
constexpr std::uint64_t kSegmentHeader = 8;
constexpr std::uint64_t kLargestSegment = 4ULL << 20U;
constexpr std::uint8_t kSeed = 0xef;  // of the check sum

struct Segment {
  std::uint32_t address = 0;
  std::uint64_t offset = 0;
  std::uint64_t size = 0;
};

struct Walked {
  std::vector<Segment> segments;
  std::uint64_t end = 0;
  bool checksum_right = false;
};

std::uint32_t word(Bytes bytes, std::uint64_t at) {
  return Reader::load<std::uint32_t>(bytes.subspan(at, 4), Endian::little);
}

// Memory that an image may be loaded to: data RAM, instruction RAM, or flash mapped for execution.
bool loadable(std::uint32_t address) {
  return (address >= 0x3ff00000 && address < 0x40000000) || (address >= 0x40100000 && address < 0x40110000) ||
         (address >= 0x40200000 && address < 0x40300000);
}

// A header with its segments and check sum at `at`.
std::optional<Walked> walk(Bytes bytes, std::uint64_t at) {
  const auto head = slice(bytes, at, kHeader);
  if (!head || (*head)[0] != std::byte{kPlain}) return std::nullopt;
  const auto count = std::to_integer<std::size_t>((*head)[1]);
  if (count == 0 || count > 16 || std::to_integer<unsigned>((*head)[2]) > 3) return std::nullopt;
  // Programs are entered in instruction RAM.
  if (word(*head, 4) >> 16U != 0x4010) return std::nullopt;
  Walked w;
  std::uint8_t sum = kSeed;
  std::uint64_t position = at + kHeader;
  for (std::size_t i = 0; i < count; ++i) {
    const auto head_of_segment = slice(bytes, position, kSegmentHeader);
    if (!head_of_segment) return std::nullopt;
    const Segment s{.address = word(*head_of_segment, 0), .offset = position + kSegmentHeader, .size = word(*head_of_segment, 4)};
    if (!loadable(s.address) || s.size > kLargestSegment) return std::nullopt;
    const auto data = slice(bytes, s.offset, s.size);
    if (!data) return std::nullopt;
    for (const std::byte b : *data) sum = static_cast<std::uint8_t>(sum ^ std::to_integer<std::uint8_t>(b));
    w.segments.push_back(s);
    position = s.offset + s.size;
  }
  // The sum is the last byte of a block of 16.
  w.end = position + 16 - (position - at) % 16;
  const auto last = slice(bytes, w.end - 1, 1);
  if (!last) return std::nullopt;
  w.checksum_right = std::to_integer<std::uint8_t>((*last)[0]) == sum;
  return w;
}

struct Image {
  Walked walked;
  bool second = false;
};

std::optional<Image> image_of(Bytes bytes) {
  const auto head = slice(bytes, 0, kHeader);
  if (!head) return std::nullopt;
  Image image;
  if ((*head)[0] == std::byte{kSecond}) {
    // Form 2: ea 04, then one segment that runs from flash, then the plain form for what is loaded to RAM.
    const auto segment = slice(bytes, kHeader, kSegmentHeader);
    if ((*head)[1] != std::byte{4} || !segment || word(*head, 4) >> 16U != 0x4010) return std::nullopt;
    const Segment flash{.address = word(*segment, 0), .offset = kHeader + kSegmentHeader, .size = word(*segment, 4)};
    if (flash.size > kLargestSegment || flash.offset + flash.size > bytes.size()) return std::nullopt;
    auto rest = walk(bytes, flash.offset + flash.size);
    if (!rest) return std::nullopt;
    image.second = true;
    image.walked = *std::move(rest);
    image.walked.segments.insert(image.walked.segments.begin(), flash);
    return image;
  }
  auto walked = walk(bytes, 0);
  if (!walked) return std::nullopt;
  image.walked = *std::move(walked);
  return image;
}

std::optional<Extent> measure(const Blob& whole, std::uint64_t offset, Budget& /*budget*/) {
  const auto image = image_of(whole.part(offset, whole.bytes.size()).bytes);
  // One byte of magic needs the check sum for proof.
  if (!image || !image->walked.checksum_right) return std::nullopt;
  Extent extent;
  extent.size = image->walked.end;
  extent.facts.push_back({"version", image->second ? "2" : "1"});
  extent.facts.push_back({"segments", std::to_string(image->walked.segments.size())});
  extent.facts.push_back({"data_crc", "right"});
  return extent;
}

Result<Opened> open(const Blob& layer, const Extent& /*extent*/, Budget& /*budget*/) {
  const auto image = image_of(layer.bytes);
  if (!image) return fail(Errc::malformed, "header changed between two readings");
  Opened out;
  for (const Segment& s : image->walked.segments) {
    if (s.size != 0) out.parts.push_back({.name = {}, .offset = s.offset, .size = s.size, .code = true});
  }
  return out;
}

}  // namespace

extern constinit const Format format_esp8266{
    .id = "esp8266",
    .title = "ESP8266 image",
    .magics = kMagics,
    .measure = measure,
    .open = open,
    .doc = {.specification = "https://docs.espressif.com/projects/esptool/en/latest/esp8266/advanced-topics/firmware-image-format.html",
            .limits = "Images of the ESP8266 whose check sum is right; the ESP32's are not read."}};

}  // namespace assay::firmware
