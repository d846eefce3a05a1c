// A kernel for JupyterLite: passes messages between the notebook and the worker that runs Python.

const NAME = "python";
const SIGINT = 2;
const SOON = 100;
const AGAIN = 2000;

export function kernelPlugin({ kernel: { BaseKernel, IKernelClient, IKernelSpecs } }) {
  class BrowserKernel extends BaseKernel {
    constructor(options) {
      super(options);
      const { worker, interruptBuffer } = window.playbook.takePython();
      this._worker = worker;
      this._interruptBuffer = interruptBuffer;
      this._asked = new Map();
      this._count = 0;
      this._current = undefined;
      worker.addEventListener("message", ({ data }) => this._receive(data));
      window.playbook.kernels.add(this);
      if (!window.playbook.alone) {
        window.playbook.store.answers().then(
          (text) => text && this._post("remember", text),
          (error) => console.warn("Earlier answers could not be read:", error),
        );
      }
    }

    // Cells wait in the worker, so the notebook need not wait for Python before it can be used.
    get ready() {
      return Promise.resolve();
    }

    // Stops the running cell and keeps its variables; only where pages may share memory.
    get canInterrupt() {
      return Boolean(this._interruptBuffer);
    }

    // Never while Python is still starting: an import cut in half would stay broken.
    // Again while the same cell runs: a signal can get lost in what Python does just then.
    interrupt(target = this._asked.keys().next().value) {
      if (!this._asked.has(target) || this.isDisposed) {
        return;
      }
      const [signal, running] = [0, 1];
      const there = this._interruptBuffer[running];
      if (there) {
        this._interruptBuffer[signal] = SIGINT;
      }
      setTimeout(() => this.interrupt(target), there ? AGAIN : SOON);
    }

    dispose() {
      if (this.isDisposed) {
        return;
      }
      this._worker.terminate();
      window.playbook.kernels.delete(this);
      for (const { resolve } of this._asked.values()) {
        resolve({ status: "error", ename: say("Stopped"), evalue: say("Python was restarted."), traceback: [] });
      }
      this._asked.clear();
      super.dispose();
    }

    // The City Playbook as HTML, or an empty text while it has no answers.
    async document() {
      const html = await this._post("document");
      return typeof html === "string" ? html : "";
    }

    async kernelInfoRequest() {
      return {
        status: "ok",
        protocol_version: "5.3",
        implementation: "pyodide",
        implementation_version: window.playbook.site.pyodide,
        banner: "Python in the browser",
        help_links: [],
        language_info: {
          name: "python",
          version: "3.12",
          mimetype: "text/x-python",
          file_extension: ".py",
          codemirror_mode: { name: "python", version: 3 },
          nbconvert_exporter: "python",
          pygments_lexer: "ipython3",
        },
      };
    }

    async executeRequest({ code }) {
      const reply = await this._ask("execute", code, JSON.stringify(this._plainParent()));
      reply.execution_count = this.executionCount;
      return reply;
    }

    completeRequest(content) {
      return this._ask("ask", "complete", JSON.stringify(content));
    }

    inspectRequest(content) {
      return this._ask("ask", "inspect", JSON.stringify(content));
    }

    isCompleteRequest(content) {
      return this._ask("ask", "is_complete", JSON.stringify(content));
    }

    commInfoRequest(content) {
      return this._ask("ask", "comm_info", JSON.stringify(content));
    }

    commOpen(message) {
      return this._comm("comm_open", message);
    }

    commMsg(message) {
      return this._comm("comm_msg", message);
    }

    commClose(message) {
      return this._comm("comm_close", message);
    }

    inputReply() {}

    _comm(kind, { buffers }) {
      const bytes = (buffers || []).map((view) =>
        ArrayBuffer.isView(view)
          ? new Uint8Array(view.buffer, view.byteOffset, view.byteLength)
          : new Uint8Array(view),
      );
      return this._ask("comm", kind, JSON.stringify(this._plainParent()), bytes);
    }

    _plainParent() {
      const { header, content, metadata, parent_header: parentHeader, channel } = this.parent;
      return { header, content, metadata, parent_header: parentHeader, channel, buffers: [] };
    }

    _ask(call, ...args) {
      this._current = this.parent.header;
      return this._post(call, ...args);
    }

    _post(call, ...args) {
      const id = ++this._count;
      const answer = new Promise((resolve) => this._asked.set(id, { resolve }));
      this._worker.postMessage({ id, call, args });
      return answer;
    }

    _receive(data) {
      if (data.answers) {
        window.playbook.store.keepAnswers(data.answers, window.playbook.exercise());
      } else if (data.event) {
        this._show(data.event, data.content, data.buffers);
      } else if (data.id !== undefined) {
        const waiting = this._asked.get(data.id);
        this._asked.delete(data.id);
        if (!waiting) {
          return;
        }
        if (data.error === undefined) {
          waiting.resolve(data.result ?? { status: "ok" });
          return;
        }
        const error = { ename: "Python", evalue: data.error, traceback: [data.error] };
        if (this._current) {
          this.publishExecuteError(error, this._current);
        }
        waiting.resolve({ status: "error", ...error });
      }
    }

    _show(event, content, buffers) {
      const parent = this._current;
      switch (event) {
        case "stream":
          return this.stream(content, parent);
        case "display_data":
          return this.displayData(content, parent);
        case "update_display_data":
          return this.updateDisplayData(content, parent);
        case "clear_output":
          return this.clearOutput(content, parent);
        case "execute_result":
          return this.publishExecuteResult(content, parent);
        case "execute_error":
          return this.publishExecuteError(content, parent);
        default:
          return this.handleComm(event, content.content, content.metadata, buffers, parent);
      }
    }
  }

  return {
    id: "playbook-browser:kernel",
    description: "Python in a worker of this tab.",
    autoStart: true,
    requires: [IKernelSpecs],
    optional: [IKernelClient],
    activate: (app, specs, client) => {
      // JupyterLite leaves this empty; the menu and the keys then stop a cell as our button does.
      if (client) {
        client.interrupt = () => app.commands.execute("playbook:stop");
      }
      specs.register({
        spec: {
          name: NAME,
          display_name: "Python",
          language: "python",
          argv: [],
          resources: {},
        },
        create: async (options) => new BrowserKernel(options),
      });
    },
  };
}

// Runs cells as JupyterLab does, but one that is started before the notebook has its kernel waits for it:
// JupyterLab drops it without a word.
export function executorPlugin({ notebook: { INotebookCellExecutor, runCell } }) {
  return {
    id: "playbook-browser:executor",
    description: "Cells wait for their kernel.",
    autoStart: true,
    provides: INotebookCellExecutor,
    activate: () => {
      // "Run all" starts every cell at once; each waits until what the one before it stands on has been started.
      let turn = Promise.resolve();

      async function runCode(options) {
        const { cell, sessionContext } = options;
        const { drafts, fresh } = window.playbook;
        cell.setPrompt("*");
        // Before anything is waited for: the tab may close at any moment.
        drafts?.ran();
        fresh?.started(cell);
        const mine = turn.then(() => sessionContext?.ready).then(() => window.playbook.fresh?.prepare(cell));
        turn = mine.catch((error) => console.error(error));
        await turn;
        const done = await runCell(options);
        if (!done && !cell.model.executionCount) {
          window.playbook.fresh?.dropped(cell);
        }
        return done;
      }

      return { runCell: (options) => (options.cell.model.type === "code" ? runCode(options) : runCell(options)) };
    },
  };
}
