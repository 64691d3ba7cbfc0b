#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Builds the firmware images of the example camera: a U-Boot kernel image and a SquashFS root file system in a flash-like layout.
# Programs come from Debian's packages for armel, pinned in packages.lock and fetched by apt from this machine's own sources; configuration,
# pages and scripts from common/, v1/ and v2/. The same inputs give the same bytes.
# usage: build.sh [-o DIR] [--check] [--relock]
#   -o DIR     where the images go (default: build/examples below the project's root)
#   --check    build twice from scratch and compare
#   --relock   pin the packages at the versions that the archive has today; then rebuild, compare and commit packages.lock
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
umask 022
export LC_ALL=C TZ=UTC

arch=armel
flash_size=$((16 * 1024 * 1024))
rootfs_offset=$((3 * 1024 * 1024))
out="$here/../../build/examples"
check=false
relock=false
while [ $# -gt 0 ]; do
  case "$1" in
    -o) out=${2:?"-o needs a directory"}; shift ;;
    --check) check=true ;;
    --relock) relock=true ;;
    *) echo "usage: build.sh [-o DIR] [--check] [--relock]" >&2; exit 2 ;;
  esac
  shift
done
mkdir -p "$out"
out=$(cd "$out" && pwd)

say() { printf 'ip-camera: %s\n' "$*" >&2; }
die() { say "$*"; exit 1; }
for tool in apt-get dpkg-deb mksquashfs mkimage sha256sum; do
  command -v "$tool" >/dev/null || die "$tool is missing; script/setup installs it"
done

# --- packages ---------------------------------------------------------------------------------------------------------------------------

locked() { grep -vE '^(#|$)' "$here/packages.lock"; }

# apt with lists, cache and architecture of its own: nothing of the machine's state is read or changed, only its sources are used.
private_apt() {
  local program=$1 state="$out/apt"
  shift
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  [ -f "$state/status" ] || : >"$state/status"
  printf '#clear %s;\n' APT::Update::Post-Invoke APT::Update::Post-Invoke-Success DPkg::Post-Invoke >"$state/conf"
  "$program" -q -c "$state/conf" -o Dir::State="$state" -o Dir::State::status="$state/status" -o Dir::Cache="$state/cache" \
    -o APT::Architecture="$arch" -o APT::Architectures="$arch" -o Acquire::Languages=none -o Acquire::Retries=3 \
    -o Acquire::IndexTargets::deb::DEP-11::DefaultEnabled=false -o Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled=false \
    -o APT::Sandbox::User=root "$@"
}

three_times() {
  local pause
  for pause in 5 20 0; do
    if "$@"; then return 0; fi
    [ "$pause" = 0 ] || { say "failed, again in $pause s"; sleep "$pause"; }
  done
  return 1
}

update_lists() {
  private_apt apt-get update >"$out/apt.log" 2>&1 && private_apt apt-cache show libc6 >/dev/null 2>&1
}

lists() {
  three_times update_lists || {
    tail -n 20 "$out/apt.log" >&2
    die "the package lists for $arch could not be fetched; this machine's apt sources must offer $arch (Debian 12 main does)"
  }
}

package_file() { printf '%s/packages/%s_%s.deb' "$out" "$1" "${2:0:16}"; }

# Downloads every pinned package that is not in the cache yet.
fetch() {
  local package version digest _ file name
  local -a wanted=() gone=()
  mkdir -p "$out/packages"
  while read -r _ package version digest; do
    [ -f "$(package_file "$package" "$digest")" ] || wanted+=("$package=$version")
  done < <(locked)
  [ "${#wanted[@]}" -gt 0 ] || return 0

  lists
  for name in "${wanted[@]}"; do private_apt apt-cache show "$name" >/dev/null 2>&1 || gone+=("$name"); done
  [ "${#gone[@]}" = 0 ] || die "no longer in this machine's apt sources: ${gone[*]} (build.sh --relock pins today's versions)"

  say "downloading ${#wanted[@]} packages for $arch"
  rm -rf "$out/download"
  mkdir "$out/download"
  three_times download "${wanted[@]}" || { tail -n 20 "$out/apt.log" >&2; die "the packages could not be downloaded"; }
  while read -r _ package version digest; do
    file=$(package_file "$package" "$digest")
    [ ! -f "$file" ] || continue
    name=$(find "$out/download" -name "${package}_*.deb" | head -n 1)
    [ -n "$name" ] || die "apt did not deliver $package $version"
    [ "$(sha256sum <"$name" | cut -d' ' -f1)" = "$digest" ] || die "$package $version is not the pinned file: its SHA-256 differs from packages.lock"
    mv "$name" "$file"
  done < <(locked)
  rm -rf "$out/download"
}

download() { (cd "$out/download" && private_apt apt-get download "$@") >"$out/apt.log" 2>&1; }

pin() {
  local which package _ record
  lists
  while read -r which package _; do
    record=$(private_apt apt-cache show --no-all-versions "$package") || die "the archive has no $package"
    awk -v which="$which" -v package="$package" '/^Version:/ { v = $2 } /^SHA256:/ { s = $2 } END { print which, package, v, s }' <<<"$record"
  done < <(locked) >"$out/lock"
  { sed -n '/^#/p' "$here/packages.lock"; cat "$out/lock"; } >"$here/packages.lock.new"
  mv "$here/packages.lock.new" "$here/packages.lock"
  rm "$out/lock"
}

# --- images -----------------------------------------------------------------------------------------------------------------------------

# Copies what the list FILE names ("path" or "path new-path"; globs) from the unpacked packages into the root file system.
keep() {
  local list=$1 from=$2 to=$3 source target match
  while read -r source target; do
    case "$source" in '' | '#'*) continue ;; esac
    for match in "$from"/$source; do
      [ -e "$match" ] || [ -L "$match" ] || die "$list: no package has $source"
      if [ -n "$target" ]; then
        install -D -m 755 "$match" "$to/$target"
      else
        mkdir -p "$to/$(dirname "${match#"$from/"}")"
        cp -a "$match" "$to/${match#"$from/"}"
      fi
    done
  done <"$list"
}

# build VERSION-FOLDER WORK-DIRECTORY: leaves the image in WORK-DIRECTORY/image.bin
build() {
  local version=$1 work=$2 which package digest path
  local packages="$work/packages" root="$work/root"
  local number date
  # shellcheck source=/dev/null
  . "$here/$version/release"  # number, date (seconds since 1970)
  mkdir -p "$packages" "$root"
  while read -r which package _ digest; do
    if [ "$which" = common ] || [ "$which" = "$version" ]; then dpkg-deb -x "$(package_file "$package" "$digest")" "$packages"; fi
  done < <(locked)

  mkdir -p "$root"/{bin,sbin,usr/bin,usr/sbin,dev,proc,sys,tmp,data,mnt/sd,root}
  keep "$here/common/keep" "$packages" "$root"
  keep "$here/$version/keep" "$packages" "$root"
  while read -r path; do
    case "$path" in '' | '#'*) ;; *) ln -s /bin/busybox "$root/$path" ;; esac
  done < <(cat "$here/common/applets" "$here/$version/applets")
  cp -R "$here/common/rootfs/." "$root/"
  cp -R "$here/$version/rootfs/." "$root/"
  ln -s tmp/var "$root/var"
  printf 'IPC-200 %s (%s)\n' "$number" "$(date -u -d "@$date" +%F)" >"$root/etc/version"

  # A checkout keeps only the executable bit; modes that matter otherwise are in the pseudo files.
  find "$root" -type d -exec chmod 755 {} +
  find "$root" -type f -perm -u+x -exec chmod 755 {} +
  find "$root" -type f ! -perm -u+x -exec chmod 644 {} +
  cat "$here/common/pseudo" "$here/$version/pseudo" >"$work/pseudo"
  mksquashfs "$root" "$work/rootfs.squashfs" -comp xz -b 131072 -noappend -all-root -no-xattrs -no-exports -no-progress -quiet \
    -mkfs-time "$date" -all-time "$date" -pf "$work/pseudo" >"$work/mksquashfs.log" || die "mksquashfs failed: $(tail -n 3 "$work/mksquashfs.log")"

  SOURCE_DATE_EPOCH=$date mkimage -A arm -O linux -T kernel -C none -a 0x8000 -e 0x8000 -n "IPC-200 kernel $number" \
    -d "$packages"/boot/vmlinuz-* "$work/kernel.uimage" >/dev/null
  SOURCE_DATE_EPOCH=$date mkimage -A arm -O linux -T filesystem -C none -n "IPC-200 rootfs $number" \
    -d "$work/rootfs.squashfs" "$work/rootfs.uimage" >/dev/null
  assemble "$work"
}

# 0x000000 kernel, 0x300000 root file system, the rest of the flash erased (0xff).
assemble() {
  local work=$1
  [ "$(stat -c %s "$work/kernel.uimage")" -le "$rootfs_offset" ] || die "the kernel does not fit its partition"
  [ "$(stat -c %s "$work/rootfs.uimage")" -le $((flash_size - rootfs_offset)) ] || die "the root file system does not fit its partition"
  head -c "$flash_size" /dev/zero | tr '\0' '\377' >"$work/image.bin"
  dd if="$work/kernel.uimage" of="$work/image.bin" conv=notrunc status=none
  dd if="$work/rootfs.uimage" of="$work/image.bin" bs=65536 seek=$((rootfs_offset / 65536)) conv=notrunc status=none
}

number_of() { sed -n "s/^number=//p" "$here/$1/release"; }

inputs() {
  (cd "$here" && find build.sh packages.lock common v1 v2 -type f ! -name '*.yaml' ! -name '*.sh.md' -print0 | sort -z | xargs -0 sha256sum | sha256sum | cut -d' ' -f1)
}

if $relock; then
  pin
  say "packages.lock is new; rebuild and look at what changed"
fi

stamp=$(inputs)
if ! $check && [ "$(cat "$out/ip-camera.stamp" 2>/dev/null)" = "$stamp" ] && [ -f "$out/ipc200-$(number_of v1).bin" ] && [ -f "$out/ipc200-$(number_of v2).bin" ]; then
  exit 0
fi
fetch
scratch=$(mktemp -d "$out/work.XXXXXX")
trap 'chmod -R u+w "$scratch" && rm -rf "$scratch"' EXIT
for version in v1 v2; do
  image="$out/ipc200-$(number_of "$version").bin"
  build "$version" "$scratch/$version"
  if $check; then
    build "$version" "$scratch/$version-again"
    cmp "$scratch/$version/image.bin" "$scratch/$version-again/image.bin" || die "$version: two builds differ"
    say "$version: two builds are the same, byte for byte"
  fi
  mv "$scratch/$version/image.bin" "$image"
  say "built ${image#"$PWD/"} ($(stat -c %s "$scratch/$version/rootfs.squashfs") bytes of root file system)"
done
printf '%s\n' "$stamp" >"$out/ip-camera.stamp"
