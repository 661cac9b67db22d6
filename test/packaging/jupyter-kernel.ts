/** Deno's kernel of notebooks, asked as Jupyter asks it: messages of ZeroMQ (ZMTP 3.0) over TCP. */

import { type ChildProcess, spawn } from "node:child_process";
import { createHmac, randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { join } from "node:path";

const KEY = "notebook";
const DELIMITER = "<IDS|MSG>";
/** The opening of a connection: version 3.0, no security. */
const GREETING = Buffer.concat([
  Buffer.from([0xff, 0, 0, 0, 0, 0, 0, 0, 1, 0x7f, 3, 0]),
  Buffer.from("NULL".padEnd(20, "\0")),
  Buffer.alloc(32),
]);

interface Message {
  readonly header: { readonly msg_type: string };
  readonly parent: { readonly msg_id?: string };
  readonly content: Readonly<Record<string, never>>;
}

function frame(flags: number, body: Buffer): Buffer {
  if (body.length < 256) return Buffer.concat([Buffer.from([flags, body.length]), body]);
  const head = Buffer.alloc(9);
  head[0] = flags | 2;
  head.writeBigUInt64BE(BigInt(body.length), 1);
  return Buffer.concat([head, body]);
}

/** One socket of ZeroMQ. */
class Channel {
  readonly #socket: Socket;
  readonly #take: (parts: readonly Buffer[]) => void;
  #rest = Buffer.alloc(0);
  #parts: Buffer[] = [];
  #isOpen = false;

  constructor(socket: Socket, type: "DEALER" | "SUB", take: (parts: readonly Buffer[]) => void) {
    this.#socket = socket;
    this.#take = take;
    socket.on("data", (data) => this.#read(data));
    socket.on("error", () => {});
    const value = Buffer.from(type);
    const length = Buffer.alloc(4);
    length.writeUInt32BE(value.length);
    const property = Buffer.from("\x0bSocket-Type");
    socket.write(GREETING);
    socket.write(frame(4, Buffer.concat([Buffer.from("\x05READY"), property, length, value])));
    if (type === "SUB") socket.write(frame(0, Buffer.from([1])));
  }

  send(parts: readonly (string | Buffer)[]): void {
    parts.forEach((part, i) => this.#socket.write(frame(i < parts.length - 1 ? 1 : 0, Buffer.from(part as string))));
  }

  close(): void {
    this.#socket.destroy();
  }

  #read(data: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, data]);
    if (!this.#isOpen) {
      if (this.#rest.length < GREETING.length) return;
      this.#rest = this.#rest.subarray(GREETING.length);
      this.#isOpen = true;
    }
    for (;;) {
      const [flags = 0, short = 0] = this.#rest;
      const start = flags & 2 ? 9 : 2;
      if (this.#rest.length < start) return;
      const length = flags & 2 ? Number(this.#rest.readBigUInt64BE(1)) : short;
      if (this.#rest.length < start + length) return;
      const body = this.#rest.subarray(start, start + length);
      this.#rest = this.#rest.subarray(start + length);
      if (flags & 4) continue;
      this.#parts.push(body);
      if (flags & 1) continue;
      this.#take(this.#parts);
      this.#parts = [];
    }
  }
}

/** A kernel that runs. */
export class Kernel {
  readonly #child: ChildProcess;
  readonly #channels: readonly [shell: Channel, published: Channel];
  #waiting: ((message: Message) => void) | undefined;

  private constructor(child: ChildProcess, [shell, published]: readonly [Socket, Socket]) {
    this.#child = child;
    this.#channels = [
      new Channel(shell, "DEALER", () => {}),
      new Channel(published, "SUB", (parts) => this.#hear(parts)),
    ];
  }

  /** Starts the kernel of this Deno in a folder. */
  static async started(deno: string, folder: string): Promise<Kernel> {
    const names = ["shell_port", "iopub_port", "stdin_port", "control_port", "hb_port"];
    const ports = await freePorts(names.length);
    const file = join(folder, "connection.json");
    const given = Object.fromEntries(names.map((name, i) => [name, ports[i]]));
    const rest = { transport: "tcp", ip: "127.0.0.1", key: KEY, signature_scheme: "hmac-sha256", kernel_name: "deno" };
    writeFileSync(file, JSON.stringify({ ...given, ...rest }));
    const options = { cwd: folder, stdio: "ignore", detached: true } as const;
    const child = spawn(deno, ["jupyter", "--kernel", "--conn", file], options);
    process.once("exit", () => end(child));
    const [shell, published] = [await connected(ports[0] as number), await connected(ports[1] as number)];
    const kernel = new Kernel(child, [shell, published]);
    // What a kernel publishes before it knows of the subscription is lost.
    while ((await Promise.race([kernel.#ask("kernel_info_request", {}), after(500)])) === undefined);
    return kernel;
  }

  /** Runs a cell that has a result. @returns it, by MIME type; throws if the cell does */
  async run(code: string): Promise<Readonly<Record<string, string>>> {
    const options = { silent: false, store_history: true, user_expressions: {}, allow_stdin: false };
    const request = { code, ...options, stop_on_error: true };
    const messages = await this.#ask("execute_request", request, ["execute_result", "error"]);
    const error = messages.find(({ header }) => header.msg_type === "error");
    if (error !== undefined) throw new Error(JSON.stringify(error.content));
    return messages.find(({ header }) => header.msg_type === "execute_result")?.content.data ?? {};
  }

  close(): void {
    for (const channel of this.#channels) channel.close();
    end(this.#child);
  }

  /**
   * Sends a request, and collects what is published until the kernel is idle again, and one of `results` has come: the kernel
   * may publish it afterwards.
   */
  #ask(type: string, content: object, results?: readonly string[]): Promise<readonly Message[]> {
    const id = randomUUID();
    const date = new Date().toISOString();
    const header = { msg_id: id, session: "s", username: "u", date, msg_type: type, version: "5.3" };
    const parts = [header, {}, {}, content].map((part) => JSON.stringify(part));
    const signature = createHmac("sha256", KEY).update(parts.join("")).digest("hex");
    const messages: Message[] = [];
    return new Promise((resolve) => {
      this.#waiting = (message) => {
        if (message.parent.msg_id !== id) return;
        messages.push(message);
        const isIdle = messages.some(({ content }) => content.execution_state === "idle");
        const hasResult = !results || messages.some(({ header }) => results.includes(header.msg_type));
        if (isIdle && hasResult) resolve(messages);
      };
      this.#channels[0].send([DELIMITER, signature, ...parts]);
    });
  }

  #hear(parts: readonly Buffer[]): void {
    const start = parts.findIndex((part) => part.toString() === DELIMITER);
    const [header, parent, , content] = parts.slice(start + 2).map((part) => JSON.parse(part.toString()));
    this.#waiting?.({ header, parent, content });
  }
}

/** Kills the whole group: npm's `deno` is a script that starts the program. */
function end({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended.
  }
}

const after = (ms: number) => new Promise<undefined>((resolve) => setTimeout(resolve, ms));

async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer();
      await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
      return server;
    }),
  );
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((closed) => server.close(closed))));
  return ports;
}

/** Connects to a port, as soon as the kernel listens. */
async function connected(port: number): Promise<Socket> {
  for (;;) {
    const socket = connect(port, "127.0.0.1");
    const isOpen = await new Promise<boolean>((resolve) => {
      socket.once("connect", () => resolve(true));
      socket.once("error", () => resolve(false));
    });
    if (isOpen) return socket;
    await after(100);
  }
}
