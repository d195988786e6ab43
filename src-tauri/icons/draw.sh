#!/bin/sh
# Draws the icons from teacup.svg with rsvg-convert (librsvg2-bin) and ImageMagick; run it after a change to the drawing
# and commit what it makes.
set -eu
cd "$(dirname "$0")"
draw() { rsvg-convert --width "$1" --height "$1" --output "$2" teacup.svg; }
draw 32 32x32.png
draw 128 128x128.png
draw 256 128x128@2x.png
draw 512 icon.png
convert icon.png -define icon:auto-resize=256,64,48,32,16 icon.ico
