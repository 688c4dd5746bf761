/** The colours of a figure. What a colour means is the same in all figures. */
export interface Theme {
  readonly background: string;
  /** Text and axes. */
  readonly ink: string;
  /** Secondary text, and lines for comparison. */
  readonly muted: string;
  /** Lines that guide the eye. */
  readonly faint: string;
  readonly excitatory: string;
  readonly inhibitory: string;
  /** Input from outside the network. */
  readonly afferent: string;
  readonly model: string;
  readonly data: string;
  /** The chosen one among others. */
  readonly best: string;
  /** Lines and letters on a map. */
  readonly onMap: string;
  /** From the least to the largest value. */
  readonly sequential: readonly string[];
  /** From the least value over 0, in the middle, to the largest. */
  readonly diverging: readonly string[];
}

/** Viridis in twelve steps: its lightness rises throughout, also for colour-blind eyes and in print. */
const viridis = [
  ...["#440154", "#482173", "#433e85", "#38588c", "#2d708e", "#25858e"],
  ...["#1e9b8a", "#2ab07f", "#52c569", "#86d549", "#c2df23", "#fde725"],
];

/** Categories after Okabe & Ito. A colour that is too dark or too light for a background has a variant for it. */
export const themes = {
  light: {
    background: "#ffffff",
    ink: "#1b1e23",
    muted: "#616975",
    faint: "#d5d9df",
    excitatory: "#009e73",
    inhibitory: "#d55e00",
    afferent: "#b8638f",
    model: "#0072b2",
    data: "#1b1e23",
    best: "#e69f00",
    onMap: "#ffffff",
    sequential: viridis,
    diverging: [
      ...["#004b76", "#256c99", "#418ebd", "#77b0d7", "#b8d2e6", "#f4f4f4"],
      ...["#f4cdb5", "#eda678", "#da8249", "#bf6127", "#a33f00"],
    ],
  },
  dark: {
    background: "#14171c",
    ink: "#e8eaed",
    muted: "#9aa3af",
    faint: "#3a414b",
    excitatory: "#2bbd92",
    inhibitory: "#f0803c",
    afferent: "#cc79a7",
    model: "#56b4e9",
    data: "#e8eaed",
    best: "#f0e442",
    onMap: "#ffffff",
    sequential: viridis,
    diverging: [
      ...["#a5dbfa", "#7ab8e1", "#4c96c9", "#31719d", "#2c4961", "#20242b"],
      ...["#633e2b", "#a85726", "#d77637", "#ec9b63", "#ffc08f"],
    ],
  },
} as const satisfies Record<string, Theme>;

/** How a figure looks. */
export interface Look {
  /** Makes elements: a browser's document, or linkedom's. */
  readonly document: unknown;
  readonly theme: keyof typeof themes;
  /** px; `column` is one column of a journal. */
  readonly width: number;
}

/** 85 mm at 96 dots an inch, px. */
export const column = 320;

/** px. Seven points, the least that journals print, are 9.33. */
export const fontSize = { tick: 9.5, label: 10, letter: 12 };

export const fontFamily = "Inter, system-ui, sans-serif";
