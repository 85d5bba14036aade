// The guide's pages in the order in which they are read, and what a reader has after each. Goes out: the one
// list of them, which the sidebar takes, and the checks that reach the goals; a page's name is its first
// heading.

/** What a reader has after a page, and what shows it. */
export type Goal = { readonly have: string } & (
  | {
      /** A part of a command that the page tells: it ends well, prints this, and makes this file. */
      readonly command: string
      readonly prints?: string
      readonly makes?: string
    }
  | {
      /** A part of a program that the page shows: it ends well, and prints this. */
      readonly program: string
      readonly prints?: string
    }
  | {
      /** A control of the page's first figure: what the figure says changes with it. */
      readonly control: string
    }
  | {
      /** What the page says, where reading is all there is to do. */
      readonly says: readonly string[]
    }
)

/** A page, as a path from `docs`, without `.md`. */
export interface Page {
  readonly path: string
  readonly goals: readonly [Goal, ...Goal[]]
}

/** Pages under one heading of the sidebar. */
export interface Group {
  readonly text: string
  readonly pages: readonly Page[]
}

/** Make the page of a plugin of one's own: it holds to the laws, and is used. */
function plugin(kind: string, name: string, use: string): Page {
  const file = `my/my-${name}/src/my-${name}.ts`
  return {
    path: `guide/write-${kind}`,
    goals: [
      { have: 'one that holds to the laws', command: `verify ${file}`, prints: ' 0 violated' },
      { have: 'training with it', command: `${use}${file}`, prints: '\nlotion' },
    ],
  }
}

/** Make the page of a target that a run is exported to: a file or folder, none of whose weights differ. */
function target(page: string, name: string, made: string): Page {
  return {
    path: `guide/to-${page}`,
    goals: [
      { have: 'the files', command: `export mine --to ${name} --out ${made}`, makes: `my/${made}` },
      { have: 'exactly the weights', command: `inspect ${made} --against mine`, prints: '0 of ' },
    ],
  }
}

/** The guide of a first hour. */
export const guide: readonly Group[] = [
  {
    text: 'Start',
    pages: [
      {
        path: 'guide/index',
        goals: [
          {
            have: 'a model of 4 bits from one file',
            command: 'npm run -s try docs/snippets/circle.ts',
            prints: '\ntrue',
          },
          {
            have: 'how much of a file lies on the grid',
            command: 'inspect my/small/model.safetensors',
            prints: ' 100 %',
          },
          {
            have: 'weights in a packed file',
            command: 'inspect my/small/packed.safetensors',
            makes: 'my/small/packed.safetensors',
          },
        ],
      },
      {
        path: 'guide/quantization',
        goals: [{ have: 'what a cast does to a weight, by hand', control: 'weight w' }],
      },
      { path: 'guide/lotion', goals: [{ have: 'the smoothed loss, by hand', control: 'λ' }] },
      {
        path: 'guide/own-text',
        goals: [
          {
            have: 'a model of 4 bits of your own text',
            command: 'train --data notes.txt --format q4_0',
            makes: 'my/mine/model.safetensors',
          },
          { have: 'text from it', command: 'generate mine', prints: 'The weights ' },
          { have: 'methods side by side', command: 'compare both', prints: 'lotion' },
        ],
      },
      {
        path: 'guide/own-loop',
        goals: [{ have: 'LOTION in a loop without fit', program: 'updater.step(', prints: 'LOTION in INT4' }],
      },
      {
        path: 'guide/train-with-tfjs',
        goals: [
          {
            have: 'a model of tf.layers trained for 3 bits',
            program: 'quantized(model, lotion({ format: int3 })) // 2',
            prints: '\nval_loss_quantized',
          },
          {
            have: 'the best weights on the grid of a run that stops by itself',
            program: 'tf.callbacks.earlyStopping(',
            prints: '\nkept as validated: true',
          },
          {
            have: 'a run that was stopped and gone on with',
            program: 'second.restore(bytes)',
            prints: '\nthe same bits: true',
          },
          { have: 'its files, as cast', program: "quantized: 'packed'", prints: '\nas cast: true' },
        ],
      },
      {
        path: 'guide/learning-rate',
        goals: [{ have: 'a schedule that ends on the grid', program: 'distance(cosine(0.05))' }],
      },
      {
        path: 'guide/when-something-fails',
        goals: [
          {
            have: 'what a status says',
            command: 'inspect my/nothing.safetensors',
            prints: '\nstatus 1',
          },
          { have: 'what an error in code says', program: "name: 'TypeError'" },
        ],
      },
      {
        path: 'guide/limits',
        goals: [{ have: 'what not to try', says: ['Short runs', '8 bits', 'Activations', 'GPU', 'Rivals'] }],
      },
    ],
  },
  {
    text: 'Take it elsewhere',
    pages: [
      target('llama-cpp', 'gguf', 'mine.gguf'),
      target('transformers', 'hf', 'mine-hf'),
      {
        path: 'guide/to-transformers-js',
        goals: [
          {
            have: 'a folder that transformers.js loads',
            command: 'export mine --to onnx',
            makes: 'my/my-model/onnx/model_q4.onnx',
          },
          {
            have: 'a count of the weights that differ',
            command: 'inspect my-model --against mine',
            prints: '0 of ',
          },
        ],
      },
      {
        path: 'guide/to-tfjs',
        goals: [{ have: 'files for a page', program: 'exportLayers(model', prints: 'model.json' }],
      },
      target('mlx', 'mlx', 'mine-mlx'),
    ],
  },
  {
    text: 'Write your own',
    pages: [
      plugin('a-noise', 'noise', 'run linear-regression --noise '),
      plugin('a-format', 'format', 'run linear-regression --format '),
      plugin('a-fisher', 'fisher', 'run linear-regression --batch 32 --fisher '),
      plugin('an-optimizer', 'transformation', 'run linear-regression --optimizer '),
      plugin('a-method', 'method', 'run linear-regression --methods ptq,lotion,'),
      {
        path: 'guide/write-a-task',
        goals: [
          { have: 'methods compared on it', command: 'run my/my-task/src/my-task.ts', prints: '\nlotion' },
          { have: 'a report', command: '--out my/runs', makes: 'my/runs/report.html' },
        ],
      },
    ],
  },
  {
    text: 'Look up',
    pages: [
      {
        path: 'formats',
        goals: [{ have: 'bits a weight of a format', says: ['bits a weight', 'nvfp4', 'q4_0', 'mxfp4'] }],
      },
      {
        path: 'guide/glossary',
        goals: [
          {
            have: 'what a word means',
            says: ['Cast: ', 'Lane: ', 'Slot: ', 'Law: ', 'Block: ', 'Scale rule: '],
          },
        ],
      },
      {
        path: 'guide/coming-from',
        goals: [
          { have: 'the chain of optax', program: 'chain(clipByGlobalNorm(1), withMethod(' },
          { have: 'the training of torchao', program: 'method: qat({ format })', prints: 'Float32Array' },
          {
            have: 'the layers of Brevitas',
            program: 'quantizedAxes(byName(), model.shapes)',
            prints: 'lotion',
          },
          { have: 'the optimizer of Keras', program: 'lotionOptimizer({ steps: 10, compile })' },
        ],
      },
      {
        path: 'guide/systems',
        goals: [
          {
            have: 'whether it runs here',
            says: ['Linux x64', 'macOS', 'Windows', 'browsers', 'Bun', 'Deno'],
          },
        ],
      },
      {
        path: 'guide/licences',
        goals: [
          { have: 'the licences of what comes along', says: ['Apache-2.0', 'onnxruntime-node', 'MIT'] },
        ],
      },
    ],
  },
]
