import type { JSX as Preact } from "preact";

/** The elements of Web Awesome that pages use, with those of their attributes that are used. */
declare module "preact" {
  namespace JSX {
    type Variant = "brand" | "neutral" | "success" | "warning" | "danger";
    interface IntrinsicElements {
      "wa-badge": Preact.HTMLAttributes<HTMLElement> & { variant?: Variant; pill?: boolean; appearance?: string };
      "wa-callout": Preact.HTMLAttributes<HTMLElement> & { variant?: Variant; size?: string; appearance?: string };
      "wa-card": Preact.HTMLAttributes<HTMLElement> & { appearance?: string };
      "wa-spinner": Preact.HTMLAttributes<HTMLElement>;
    }
  }
}
