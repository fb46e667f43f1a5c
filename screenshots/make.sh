#!/usr/bin/env bash
# Takes the pictures of the documentation from the program as it is now:
#
#   screenshots/make.sh [SCENE...]     all scenes of scenes.mjs, or those named
#
# Needs Go and Debian's packages; what is missing of those is installed by apt.
set -euo pipefail
cd "$(dirname "$0")"

missing=()
want() { command -v "$1" >/dev/null || missing+=("$2"); }
want chromium chromium
want node nodejs
want npm npm
want script bsdutils
want ffmpeg ffmpeg
want fc-list fontconfig
font() { fc-list "$1" 2>/dev/null | grep -q . || missing+=("$2"); }
font 'JetBrains Mono' fonts-jetbrains-mono
font 'DejaVu Sans Mono' fonts-dejavu-core
if ((${#missing[@]})); then
  as_root=()
  if ((EUID != 0)); then as_root=(sudo); fi
  "${as_root[@]}" apt-get update -qq
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "${missing[@]}"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
go build -trimpath -o "$work/bin/orgkeep" ..
npm ci --no-audit --no-fund --loglevel=error
node shoot.mjs "$work" "$@"

# What the screen was like when all the pictures were taken; .ci/run compares.
if (($# == 0)); then ./goldens.sh >goldens.sum; fi
