package demo

import (
	"bytes"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
)

// portraitSize is the width and the height of a portrait, in pixels.
const portraitSize = 32

// portrait draws a head and shoulders in one colour on white, as a JPEG: a binary
// value for clients to show, with nobody's likeness in it.
func portrait(c color.Color) (string, error) {
	picture := image.NewRGBA(image.Rect(0, 0, portraitSize, portraitSize))
	draw.Draw(picture, picture.Bounds(), image.White, image.Point{}, draw.Src)
	disc(picture, image.Pt(portraitSize/2, 11), 7, c)
	disc(picture, image.Pt(portraitSize/2, 34), 14, c)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, nil); err != nil {
		return "", err
	}
	return out.String(), nil
}

func disc(picture *image.RGBA, centre image.Point, radius int, c color.Color) {
	for y := range portraitSize {
		for x := range portraitSize {
			d := image.Pt(x, y).Sub(centre)
			if d.X*d.X+d.Y*d.Y <= radius*radius {
				picture.Set(x, y, c)
			}
		}
	}
}
