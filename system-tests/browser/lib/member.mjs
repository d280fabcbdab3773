// A member at the consortium page.

/** Gives the page the member's key, and waits until it signs with it. */
export async function useKey(page, { key, certificate }) {
  await page.getByLabel("Private key").setInputFiles(key);
  await page.getByLabel("Certificate", { exact: true }).setInputFiles(certificate);
  await page.getByRole("button", { name: "Use this key" }).click();
  await page.getByRole("heading", { name: /^Signing as / }).waitFor();
}
