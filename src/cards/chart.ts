import { createRequire } from 'node:module';
import { renderAsync } from '@resvg/resvg-js';
import { BarChart as Bars } from 'echarts/charts';
import { GraphicComponent, GridComponent, TitleComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

use([Bars, GridComponent, TitleComponent, GraphicComponent, SVGRenderer]);

/** One bar, from nothing to the whole track. Texts are foreign text, cleaned. */
export interface Bar {
  /** Stands over the bar at its left. */
  name: string;
  /** Stands over the bar at its right. */
  numbers: string;
  /** Between 0 and 1 (more is drawn as 1); undefined where there is no whole: then no track is drawn either. */
  share: number | undefined;
  /** Drawn in the color of what needs to be looked at. */
  isMarked: boolean;
}

/** A chart of horizontal bars, drawn in the order given. */
export interface BarChart {
  title: string;
  subtitle: string;
  bars: readonly Bar[];
}

const WIDTH = 800;
const MARGIN = 32;
const HEAD = 92;
const ROW = 46;
const FOOT = 22;
const BAR = 10;
const ACROSS = WIDTH - 2 * MARGIN;
/** Letters of usual width that fit over a bar. */
const LETTERS = 83;

/** On its own light ground with a border, so that it reads the same in a light and in a dark window. Contrast of all words is at least 4.5. */
const COLOR = { ground: '#ffffff', edge: '#c9ced6', words: '#1f2630', quiet: '#565f6d', track: '#e6e9ee', used: '#0f6cbd', marked: '#b3470b' };

/**
 * Draws the chart as a PNG of 800 pixels width. Its words are drawn with the DejaVu files of the package: no font of the system is read,
 * so that it looks the same everywhere. Import this file only when a chart is wanted: what draws is large.
 */
export async function drawBars(chart: BarChart): Promise<Buffer> {
  const image = await renderAsync(svgOf(chart), {
    font: { loadSystemFonts: false, fontFiles: FONT_FILES, defaultFontFamily: FONT },
    fitTo: { mode: 'width', value: WIDTH },
  });
  return image.asPng();
}

const FONT = 'DejaVu Sans';
const require = createRequire(import.meta.url);
const FONT_FILES = ['DejaVuSans.ttf', 'DejaVuSans-Bold.ttf'].map((file) => require.resolve(`dejavu-fonts-ttf/ttf/${file}`));

/** The chart as SVG; all words in it are text elements. */
export function svgOf(chart: BarChart): string {
  const height = HEAD + ROW * Math.max(1, chart.bars.length) + FOOT;
  const drawn = init(null, null, { renderer: 'svg', ssr: true, width: WIDTH, height });
  try {
    drawn.setOption(optionsOf(chart, height));
    return drawn.renderToSVGString();
  } finally {
    drawn.dispose();
  }
}

function optionsOf({ title, subtitle, bars }: BarChart, height: number): EChartsCoreOption {
  const text = { fontFamily: FONT, fontSize: 14 };
  const over = { show: true, ...text, verticalAlign: 'bottom' } as const;
  return {
    animation: false,
    textStyle: text,
    title: {
      left: MARGIN - 5, top: 20, itemGap: 8, text: title, subtext: subtitle,
      textStyle: { ...text, color: COLOR.words, fontSize: 20, fontWeight: 'bold' }, subtextStyle: { ...text, color: COLOR.quiet },
    },
    graphic: [{
      type: 'rect', silent: true, z: -1, shape: { x: 1, y: 1, width: WIDTH - 2, height: height - 2, r: 14 },
      style: { fill: COLOR.ground, stroke: COLOR.edge, lineWidth: 1.5 },
    }],
    grid: { left: MARGIN, right: MARGIN, top: HEAD + ROW / 4, bottom: FOOT - ROW / 4 },
    xAxis: { type: 'value', min: 0, max: 1, show: false },
    yAxis: { type: 'category', inverse: true, show: false, data: bars.map((_, n) => String(n)) },
    series: [
      {
        type: 'bar', silent: true, barWidth: BAR, data: bars.map(({ share }) => ({ value: 1, itemStyle: { color: share === undefined ? 'transparent' : COLOR.track } })), itemStyle: { borderRadius: BAR / 2 },
        label: { ...over, color: COLOR.words, fontWeight: 'bold', align: 'left', position: [0, -8], formatter: ({ dataIndex }: At) => nameIn(bars[dataIndex]) },
      },
      {
        type: 'bar', silent: true, barWidth: BAR, barGap: '-100%', itemStyle: { borderRadius: BAR / 2 },
        data: bars.map(({ share = 0, isMarked }) => ({
          value: Math.min(1, Math.max(0, share)), itemStyle: { color: isMarked ? COLOR.marked : COLOR.used }, label: { color: isMarked ? COLOR.marked : COLOR.quiet },
        })),
        label: { ...over, align: 'right', position: [ACROSS, -8], formatter: ({ dataIndex }: At) => bars[dataIndex]?.numbers ?? '' },
      },
    ],
  };
}

interface At {
  dataIndex: number;
}

/** The name, cut to the room that the numbers leave. What draws cannot measure the font, so letters are counted by about their width. */
function nameIn(bar: Bar | undefined): string {
  const { name, numbers } = bar ?? { name: '', numbers: '' };
  // The numbers are not bold.
  const room = LETTERS - 0.8 * widthOf(numbers);
  if (widthOf(name) <= room) return name;
  const points = Array.from(name);
  while (points.length > 1 && widthOf(points.join('')) > room - 1) points.pop();
  return `${points.join('').trimEnd()}…`;
}

/** In letters of usual width. */
function widthOf(text: string): number {
  return Array.from(text).reduce((sum, letter) => sum + (/[mw@%]/i.test(letter) ? 1.75 : /\p{Lu}/u.test(letter) ? 1.1 : letter < '\u0250' ? 0.95 : 1.6), 0);
}
