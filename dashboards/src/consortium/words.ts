import type { Json } from "../kit";
import type { Action } from "./api";

/** The ready-made rules as sentences: for single actions first, then for all others. */
export function ruleWords(rules: Json): { action: string; needs: string }[] {
  if (rules === null || typeof rules !== "object" || Array.isArray(rules)) {
    return [];
  }
  const actions = rules["actions"];
  const single = actions !== null && typeof actions === "object" && !Array.isArray(actions) ? Object.entries(actions) : [];
  const all = [...single, ["default", rules["default"] ?? null] as [string, Json]];
  return all.map(([action, rule]) => ({ action, needs: ruleSentence(rule) }));
}

function ruleSentence(rule: Json): string {
  switch (rule) {
    case "unanimous":
      return "every member's acceptance";
    case "majority":
      return "more than half of the members";
    case "one":
      return "one member";
  }
  if (rule !== null && typeof rule === "object" && !Array.isArray(rule)) {
    if (typeof rule["threshold"] === "number") {
      return `${rule["threshold"]} members`;
    }
    if (Array.isArray(rule["veto"])) {
      return `${ruleSentence(rule["then"] ?? null)}; ${rule["veto"].join(", ")} can refuse alone`;
    }
  }
  return JSON.stringify(rule);
}

/** An action in a line: its name, and what it is about. */
export function actionWords(action: Action): string {
  const about = Object.entries(action.arguments)
    .filter(([, value]) => typeof value === "number" || (typeof value === "string" && value.length <= 80 && !value.includes("\n")))
    .map(([name, value]) => `${name} ${String(value)}`)
    .join(", ");
  return about === "" ? action.name : `${action.name}: ${about}`;
}
