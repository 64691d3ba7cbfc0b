// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include "firmware/checks/made_image.hpp"
#include "firmware/start/root_view.hpp"
#include "firmware/start/shell.hpp"

namespace assay::firmware {
namespace {

std::vector<std::string> first_words(std::string_view text) {
  std::vector<std::string> out;
  for (const ShellCommand& c : parse_shell(text).commands) out.push_back(c.words[0]);
  return out;
}

TEST(Shell, CommentsQuotesAndOperators) {
  const auto script = parse_shell("# telnetd\nhttpd -p '80 80' \"a # b\" # c\nx && y || z; w | v &\n");
  ASSERT_EQ(script.commands.size(), 6U);
  EXPECT_EQ(script.commands[0].words, (std::vector<std::string>{"httpd", "-p", "80 80", "a # b"}));
  EXPECT_EQ(script.commands[0].line, 2U);
}

TEST(Shell, ContinuedLinesKeepTheFirstLine) {
  const auto script = parse_shell("a \\\n  b\nc\n");
  ASSERT_EQ(script.commands.size(), 2U);
  EXPECT_EQ(script.commands[0].words, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(script.commands[1].line, 3U);
}

TEST(Shell, HereDocumentsAreNoCommands) {
  EXPECT_EQ(first_words("cat > /tmp/x <<EOF\ntelnetd\nEOF\nhttpd\n"), (std::vector<std::string>{"cat", "httpd"}));
}

TEST(Shell, RedirectionsAreNoArguments) {
  const auto script = parse_shell("sshd -D > /dev/null 2>&1 < /dev/null\n");
  ASSERT_EQ(script.commands.size(), 1U);
  EXPECT_EQ(script.commands[0].words, (std::vector<std::string>{"sshd", "-D"}));
}

TEST(Shell, BranchesAndFunctions) {
  const auto script = parse_shell(
      "f() {\n  telnetd\n}\nif [ -f /x ]; then\n  a\nelse\n  b\nfi\ncase \"$1\" in\n  start) c ;;\n  stop|restart) d ;;\nesac\ne\n");
  EXPECT_TRUE(script.functions.contains("f"));
  std::vector<std::string> running;
  for (const auto& c : script.commands) {
    if (c.function.empty() && !c.stops) running.push_back(c.words[0]);
  }
  EXPECT_EQ(running, (std::vector<std::string>{"[", "a", "b", "c", "e"}));
}

TEST(Shell, SubstitutionsStayInTheirWord) {
  const auto script = parse_shell("x=$(ps | grep \"a b\") y=`date` z ${A:-b c} $((1 + 2))\n");
  ASSERT_EQ(script.commands.size(), 1U);
  EXPECT_EQ(script.commands[0].words.size(), 5U);
}

TEST(Shell, AnyBytesEnd) {
  std::string text = "f() { case $1 in a) $( ' \" ` << ;; esac\n";
  for (std::size_t n = 0; n <= text.size(); ++n) (void)parse_shell(text.substr(0, n));
  (void)parse_shell(std::string(100'000, '('));
  (void)parse_shell(std::string(50'000, '{') + "\n");
}

TEST(RootView, LinksAreFollowedInsideTheRootOnly) {
  EXPECT_EQ(normal_path("/a/../../b/./c"), "/b/c");
  MadeImage image;
  image.file("/etc/passwd", "root:*:0:0::/:/bin/sh\n").link("/loop", "/loop").link("/up", "../../../etc/passwd");
  EXPECT_FALSE(of_kind(image.look("autostart"), "coverage").empty());
}

TEST(Autostart, ARcScriptWithFileAndLine) {
  MadeImage image;
  image.file("/etc/inittab", "::sysinit:/etc/init.d/rcS\n::shutdown:/bin/umount -a\n")
      .file("/etc/init.d/rcS", "#!/bin/sh\n# telnetd -l /bin/sh\nmount -a\ntelnetd &\n");
  image.link("/sbin/telnetd", "/bin/busybox")
      .file("/bin/busybox", std::string("\x7f"
                                        "ELF\0",
                                        5));
  const auto all = image.look("autostart");
  const auto telnet = seen(all, "autostart", "program", "/sbin/telnetd");
  EXPECT_EQ(telnet.at.to_text(), "/etc/init.d/rcS:4");
  EXPECT_EQ(telnet.fields["started_by"].text(), "rc");
  EXPECT_EQ(telnet.fields["runs_as"].text(), "root");
  EXPECT_EQ(of_kind(all, "autostart").size(), 2U);
  EXPECT_TRUE(complete(all, "firmware/autostart"));
}

TEST(Autostart, AScriptThatIsNotThereLeavesIncomplete) {
  MadeImage image;
  image.file("/etc/inittab", "::sysinit:/etc/init.d/rcS\n").file("/etc/init.d/rcS", "/system/init/app.sh\n");
  EXPECT_FALSE(complete(image.look("autostart"), "firmware/autostart"));
}

TEST(Autostart, AProgramKnownOnlyAtRunTimeLeavesIncomplete) {
  MadeImage image;
  image.file("/etc/inittab", "::sysinit:/etc/init.d/rcS\n").file("/etc/init.d/rcS", "P=`cat /x`\n$P start\n");
  EXPECT_FALSE(complete(image.look("autostart"), "firmware/autostart"));
}

TEST(Autostart, WithoutAStartTableItIsIncomplete) {
  MadeImage image;
  image.file("/etc/passwd", "root:*:0:0::/:/bin/sh\n");
  EXPECT_FALSE(complete(image.look("autostart"), "firmware/autostart"));
}

TEST(Autostart, ProcdScriptBehindAnRcLink) {
  MadeImage image;
  image.file("/etc/inittab", "::sysinit:/etc/init.d/rcS S boot\n")
      .link("/etc/rc.d/S50dropbear", "../init.d/dropbear")
      .file("/sbin/procd", "x")
      .file("/usr/sbin/dropbear", "x");
  image.file(
      "/etc/init.d/dropbear",
      "#!/bin/sh /etc/rc.common\nSTART=50\nUSE_PROCD=1\nPROG=/usr/sbin/dropbear\none() {\n  procd_open_instance\n  procd_set_param command "
      "\"$PROG\" -F\n"
      "  procd_append_param command -p 2222\n}\nstart_service() {\n  config_foreach one dropbear\n}\nstop_service() {\n  telnetd\n}\n");
  const auto all = image.look("autostart");
  const auto dropbear = seen(all, "autostart", "service", "dropbear");
  EXPECT_EQ(dropbear.at.to_text(), "/etc/init.d/dropbear:7");
  EXPECT_EQ(dropbear.fields["started_by"].text(), "procd");
  EXPECT_TRUE(seen(all, "autostart", "program", "telnetd").kind.empty());
  const auto ssh = seen(image.look("listeners"), "listener", "service", "ssh");
  EXPECT_EQ(ssh.fields["port"].integer(), 2222);
}

TEST(Autostart, LoopOverStartScripts) {
  MadeImage image;
  image.file("/etc/inittab", "::sysinit:/etc/init.d/rcS\n").file("/etc/init.d/rcS", "for i in /etc/init.d/S??*; do\n  $i start\ndone\n");
  image.file(
      "/etc/init.d/S10web",
      "#!/bin/sh\ncase \"$1\" in\nstart) start-stop-daemon -S -b -x /usr/sbin/lighttpd -- -f /etc/l.conf ;;\nstop) telnetd ;;\nesac\n");
  image.file("/usr/sbin/lighttpd", "x").file("/etc/l.conf", "server.port = 8088\n");
  const auto all = image.look("listeners");
  const auto http = seen(all, "listener", "service", "http");
  EXPECT_EQ(http.fields["port"].integer(), 8088);
  EXPECT_EQ(http.at.to_text(), "/etc/init.d/S10web:3");
  EXPECT_TRUE(seen(all, "listener", "service", "telnet").kind.empty());
}

TEST(Autostart, StartStopDaemonGivesUpRoot) {
  MadeImage image;
  image.file("/etc/inittab", "::sysinit:/etc/init.d/rcS\n")
      .file("/etc/init.d/rcS",
            "start-stop-daemon -S -c web:www -x /usr/sbin/lighttpd\nstart-stop-daemon -S --chuid=0 -x /usr/sbin/boa\n"
            "start-stop-daemon -S -c $USER -x /usr/sbin/webs\nstart-stop-daemon -S -x /usr/sbin/uhttpd\n");
  for (const char* program : {"lighttpd", "boa", "webs", "uhttpd"}) image.file(std::string("/usr/sbin/") + program, "x");
  const auto all = image.look("autostart");
  EXPECT_EQ(seen(all, "autostart", "program", "/usr/sbin/lighttpd").fields["runs_as"].text(), "web");
  EXPECT_EQ(seen(all, "autostart", "program", "/usr/sbin/boa").fields["runs_as"].text(), "root");
  EXPECT_FALSE(seen(all, "autostart", "program", "/usr/sbin/webs").fields.has("runs_as"));
  EXPECT_EQ(seen(all, "autostart", "program", "/usr/sbin/uhttpd").fields["runs_as"].text(), "root");
}

TEST(Autostart, SystemdUnitOfATarget) {
  MadeImage image;
  image.link("/etc/systemd/system/multi-user.target.wants/web.service", "/lib/systemd/system/web.service");
  image.file("/lib/systemd/system/web.service", "[Service]\nUser=www\nExecStart=-/usr/sbin/mini_httpd -p 8080\n")
      .file("/usr/sbin/mini_httpd", "x")
      .file("/etc/os-release", "ID=x\n");
  const auto all = image.look("autostart");
  const auto web = seen(all, "autostart", "service", "web");
  EXPECT_EQ(web.fields["runs_as"].text(), "www");
  EXPECT_EQ(web.at.line, 3U);
  EXPECT_EQ(seen(image.look("listeners"), "listener", "service", "http").fields["port"].integer(), 8080);
}

TEST(Autostart, CronRunsAsItsUser) {
  MadeImage image;
  image.file("/etc/inittab", "::sysinit:/bin/true\n")
      .file("/etc/crontabs/root", "# x\n*/5 * * * * /usr/sbin/beacon -q\n")
      .file("/usr/sbin/beacon", "#!/bin/sh\n");
  const auto job = seen(image.look("autostart"), "autostart", "program", "/usr/sbin/beacon");
  EXPECT_EQ(job.fields["started_by"].text(), "cron");
  EXPECT_EQ(job.fields["runs_as"].text(), "root");
}

TEST(Listeners, InetdServices) {
  MadeImage image;
  image.file("/etc/inittab", "::sysinit:/bin/true\n");
  image.file("/etc/inetd.conf",
             "#ftp stream tcp nowait root ftpd ftpd\necho stream tcp nowait root internal\n69 dgram udp nowait root tftpd tftpd -c /tmp\n");
  const auto all = image.look("listeners");
  EXPECT_EQ(of_kind(all, "listener").size(), 2U);
  EXPECT_EQ(seen(all, "listener", "service", "echo").fields["port"].integer(), 7);
  EXPECT_EQ(seen(all, "listener", "service", "tftp").fields["transport"].text(), "udp");
  EXPECT_EQ(seen(image.look("config"), "config", "service", "tftp").at.line, 3U);
}

TEST(Listeners, AnUnknownProgramLeavesTheCoverageIncomplete) {
  MadeImage image;
  image.file("/etc/inittab", "::respawn:/usr/bin/vendord\n")
      .file("/usr/bin/vendord", std::string("\x7f"
                                            "ELF\1\1\1",
                                            7) +
                                    std::string(100, '\0'));
  const auto all = image.look("listeners");
  EXPECT_FALSE(complete(all, "firmware/listeners"));
  EXPECT_NE(seen(all, "coverage", "check", "firmware/listeners").fields["reason"].text().find("vendord"), std::string_view::npos);
}

TEST(Listeners, TelnetOnAnotherPortAndABackConnect) {
  MadeImage image;
  image.file("/etc/rc.local", "/usr/bin/shellback &\ntelnetd -p 65534 &\nexit 0\n");
  EXPECT_EQ(seen(image.look("listeners"), "listener", "service", "telnet").fields["port"].integer(), 65534);
  const auto config = image.look("config");
  EXPECT_EQ(seen(config, "config", "setting", "network-shell").at.line, 1U);
}

TEST(Listeners, TwoAddressesAreOneListener) {
  MadeImage image;
  image.file("/etc/inittab", "::respawn:/usr/sbin/uhttpd -f\n").file("/usr/sbin/uhttpd", "x");
  image.file("/etc/config/uhttpd",
             "config uhttpd main\n\tlist listen_http\t0.0.0.0:80\n\tlist listen_http\t[::]:80\n\tlist listen_https 0.0.0.0:443\n");
  const auto all = of_kind(image.look("listeners"), "listener");
  ASSERT_EQ(all.size(), 1U);
  EXPECT_EQ(all[0].fields["address"].text(), "0.0.0.0, [::]");
}

TEST(Config, SettingsAndTheirDefaults) {
  MadeImage image;
  image.file("/etc/ssh/sshd_config", "#PermitRootLogin no\nPermitRootLogin yes\n")
      .file("/etc/config/upnpd", "config upnpd config\n\toption secure_mode\t0\n");
  image.file("/etc/ppp/chap-secrets", "# client server secret\n\"test\" * \"test\"\n");
  const auto all = image.look("config");
  EXPECT_EQ(seen(all, "config", "setting", "PermitRootLogin").at.line, 2U);
  EXPECT_EQ(seen(all, "config", "setting", "PasswordAuthentication").fields["value"].text(), "yes");
  EXPECT_EQ(seen(all, "config", "setting", "secure_mode").fields["value"].text(), "0");
  EXPECT_EQ(seen(all, "config", "service", "ppp").at.line, 2U);
  EXPECT_EQ(to_value(seen(all, "config", "service", "ppp")).find("value"), nullptr) << "the secret itself must not be kept";
}

TEST(Config, TelnetWithoutLogin) {
  MadeImage image;
  image.file("/etc/inittab", "::sysinit:/etc/init.d/rcS\nttyS1::respawn:/bin/sh\n").file("/etc/init.d/rcS", "telnetd -l /bin/sh\n");
  const auto all = image.look("config");
  EXPECT_EQ(seen(all, "config", "service", "telnet").fields["value"].text(), "/bin/sh");
  EXPECT_EQ(seen(all, "config", "service", "console").at.line, 2U);
}

}  // namespace
}  // namespace assay::firmware
