// Elements of index.html.

export const element = <T extends Element = HTMLElement>(id: string) => document.getElementById(id) as unknown as T;
