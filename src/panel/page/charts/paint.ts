import { palette } from './palette.ts';

const tilePx = 8;

type Stroke = readonly [fromX: number, fromY: number, toX: number, toY: number];

/** The lines of a tile, one list per series. The first series is solid. */
const patterns: readonly (readonly Stroke[])[] = [
  [],
  [
    [0, 8, 8, 0],
    [-2, 2, 2, -2],
    [6, 10, 10, 6],
  ],
  [[0, 4, 8, 4]],
  [
    [0, 0, 8, 8],
    [-2, 6, 2, 10],
    [6, -2, 10, 2],
  ],
  [[4, 0, 4, 8]],
  [
    [0, 4, 8, 4],
    [4, 0, 4, 8],
  ],
  [[4, 3, 4, 5]],
];

/** The fill of a series: its colour, and in high contrast a pattern. */
export function fillOf(series: number): string | CanvasPattern {
  const { patterned, background } = palette();
  const strokes = patterns[series % patterns.length] ?? [];
  const color = colorOf(series);
  if (!patterned || strokes.length === 0) return color;
  const ratio = devicePixelRatio;
  const tile = document.createElement('canvas');
  tile.width = tile.height = tilePx * ratio;
  const context = tile.getContext('2d');
  if (context === null) return color;
  context.scale(ratio, ratio);
  context.fillStyle = background;
  context.fillRect(0, 0, tilePx, tilePx);
  context.strokeStyle = color;
  context.lineWidth = 2;
  for (const [fromX, fromY, toX, toY] of strokes) {
    context.beginPath();
    context.moveTo(fromX, fromY);
    context.lineTo(toX, toY);
    context.stroke();
  }
  return context.createPattern(tile, 'repeat') ?? color;
}

export function colorOf(series: number): string {
  const { series: colors } = palette();
  return colors[series % colors.length] ?? 'currentColor';
}

/** The outline of a bar. It separates the bar from its neighbours; in high contrast it has the bar's own colour. */
export function edgeOf(series: number): string {
  return palette().patterned ? colorOf(series) : palette().background;
}
