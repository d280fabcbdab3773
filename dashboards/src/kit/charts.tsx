import {
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  Chart,
  type ChartConfiguration,
  DoughnutController,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
} from "chart.js";
import { useEffect, useRef, useState } from "preact/hooks";

Chart.register(
  ArcElement,
  BarController,
  BarElement,
  CategoryScale,
  DoughnutController,
  Legend,
  LinearScale,
  LineController,
  LineElement,
  PointElement,
  Tooltip,
);

/** Colours of series, by the theme; told apart by dashes, too. */
const SERIES = ["brand", "warning", "success", "danger"] as const;

interface Colours {
  text: string;
  grid: string;
  series: string[];
}

function coloursNow(): Colours {
  const style = getComputedStyle(document.documentElement);
  const read = (name: string): string => style.getPropertyValue(name).trim();
  return {
    text: read("--wa-color-text-quiet"),
    grid: read("--wa-color-surface-border"),
    series: SERIES.map((name) => read(`--wa-color-${name}-fill-loud`)),
  };
}

/** A canvas with a chart that follows its data and the theme. */
function Drawn(props: { configure: (colours: Colours) => ChartConfiguration; alternative: string; tall?: boolean }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const chart = useRef<Chart>(undefined);
  const [theme, setTheme] = useState(0);
  useEffect(() => {
    const redraw = (): void => setTheme((drawn) => drawn + 1);
    window.addEventListener("themechange", redraw);
    return () => window.removeEventListener("themechange", redraw);
  }, []);
  useEffect(() => () => chart.current?.destroy(), []);
  useEffect(() => {
    if (canvas.current === null) {
      return;
    }
    const configuration = props.configure(coloursNow());
    if (chart.current === undefined) {
      chart.current = new Chart(canvas.current, configuration);
    } else {
      chart.current.data = configuration.data;
      chart.current.options = configuration.options ?? {};
      chart.current.update("none");
    }
  }, [props.configure, theme]);
  return (
    <div class={props.tall ? "chart tall" : "chart"}>
      <canvas ref={canvas} role="img" aria-label={props.alternative} />
    </div>
  );
}

export interface Series {
  name: string;
  /** x and y in the units of the axes. */
  points: { x: number; y: number }[];
}

function axis(colours: Colours, title: string, beginAtZero: boolean) {
  return {
    type: "linear" as const,
    beginAtZero,
    title: { display: true, text: title, color: colours.text },
    ticks: { color: colours.text, maxTicksLimit: 6 },
    grid: { color: colours.grid },
  };
}

/** Curves over numbers, such as rates over time. */
export function LineChart(props: {
  series: Series[];
  xTitle: string;
  yTitle: string;
  alternative: string;
  tall?: boolean;
  /** Ends of the x axis; those of the data where they are left out. */
  xMin?: number;
  xMax?: number;
  /** Between two marks of it. */
  xStep?: number;
  /** Which colour the first series has. */
  colour?: number;
}) {
  const configure = (colours: Colours): ChartConfiguration => ({
    type: "line",
    data: {
      datasets: props.series.map((series, index) => ({
        label: series.name,
        data: series.points,
        borderColor: colours.series[((props.colour ?? 0) + index) % SERIES.length] ?? colours.text,
        backgroundColor: colours.series[((props.colour ?? 0) + index) % SERIES.length] ?? colours.text,
        borderDash: index === 0 ? [] : [6, 3],
        borderWidth: 2,
        // One point makes no line. Between points the line is straight: a smooth one goes where nothing was measured.
        pointRadius: series.points.length === 1 ? 3 : 0,
      })),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      parsing: false,
      interaction: { mode: "nearest", intersect: false },
      scales: {
        x: {
          ...axis(colours, props.xTitle, false),
          ...(props.xMin === undefined ? {} : { min: props.xMin }),
          ...(props.xMax === undefined ? {} : { max: props.xMax }),
          ...(props.xStep === undefined ? {} : { ticks: { color: colours.text, stepSize: props.xStep } }),
        },
        y: axis(colours, props.yTitle, true),
      },
      plugins: { legend: { display: props.series.length > 1, labels: { color: colours.text } } },
    },
  });
  return <Drawn configure={configure} alternative={props.alternative} tall={props.tall ?? false} />;
}

/** Bars beside each other, one group for each label. */
export function BarChart(props: {
  labels: string[];
  series: { name: string; values: number[] }[];
  xTitle: string;
  yTitle: string;
  alternative: string;
  /** Which colour the first series has. */
  colour?: number;
}) {
  const configure = (colours: Colours): ChartConfiguration => ({
    type: "bar",
    data: {
      labels: props.labels,
      datasets: props.series.map((series, index) => ({
        label: series.name,
        data: series.values,
        backgroundColor: colours.series[((props.colour ?? 0) + index) % SERIES.length] ?? colours.text,
      })),
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      scales: {
        x: {
          title: { display: true, text: props.xTitle, color: colours.text },
          ticks: { color: colours.text },
          grid: { display: false },
        },
        y: axis(colours, props.yTitle, true),
      },
      plugins: { legend: { display: props.series.length > 1, labels: { color: colours.text } } },
    },
  });
  return <Drawn configure={configure} alternative={props.alternative} />;
}

/** A half circle that fills up to a value, with the value as text below. */
export function Gauge(props: { value: number; max: number; text: string; label: string; series?: number }) {
  const share = props.max > 0 ? Math.min(1, Math.max(0, props.value / props.max)) : 0;
  const configure = (colours: Colours): ChartConfiguration<"doughnut"> => ({
    type: "doughnut",
    data: {
      datasets: [
        {
          data: [share, 1 - share],
          backgroundColor: [colours.series[(props.series ?? 0) % SERIES.length] ?? colours.text, colours.grid],
          borderWidth: 0,
        },
      ],
    },
    options: {
      animation: false,
      maintainAspectRatio: false,
      rotation: -90,
      circumference: 180,
      cutout: "75%",
      plugins: { tooltip: { enabled: false }, legend: { display: false } },
    },
  });
  return (
    <div class="gauge">
      <Drawn
        configure={configure as (colours: Colours) => ChartConfiguration}
        alternative={`${props.label}: ${props.text}`}
      />
      <p class="gauge-value">{props.text}</p>
      <p class="gauge-label">{props.label}</p>
    </div>
  );
}
