// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "firmware/knowledge.hpp"
#include "firmware/start/root_view.hpp"

namespace assay::firmware {

// One program that starts by itself.
struct Started {
  std::size_t root = 0;            // index into StartTable::roots
  std::string service;             // of the init script or unit where there is one, else the program's name
  std::string program;             // full path where it is in the image, else as written
  std::string file;                // its path with links followed; empty when it is not in the image
  std::vector<std::string> words;  // the command, variables expanded as far as they are known
  std::string started_by;          // inittab | rc | procd | systemd | inetd | xinetd | cron
  std::string runs_as;             // empty: not determined
  std::string place;               // of the line that starts it, as observations write it
  std::uint32_t line = 0;
  std::string inetd_service;  // inetd and systemd sockets: name or number of the port
  std::string transport;
};

struct StartTable {
  std::vector<RootView> roots;
  std::vector<Started> started;     // by place and line
  std::vector<std::string> unread;  // what could not be followed; empty: everything that starts visibly is in the list
  std::uint64_t files = 0;          // scripts and tables read
};

// What cannot be said of a program that starts; each empty where it can. A program that knowledge/services lists raises no doubt.
struct Doubt {
  std::string listens;  // it may open network ports
  std::string starts;   // it may start other programs
};
Doubt doubt_about(const Started& started, const RootView& root, const Knowledge& knowledge);

// Reads, never runs: init tables, rc scripts and links, procd scripts, systemd units, inetd, xinetd and cron tables of every root.
StartTable read_start_table(const Image& image, const Knowledge& knowledge, Budget& budget);

}  // namespace assay::firmware
