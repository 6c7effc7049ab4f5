/** Lets the browser do what is due, such as drawing, before the rest is done. */
export const nextTask = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));
