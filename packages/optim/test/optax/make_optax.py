"""Write what optax does with given gradients over 100 steps, for the tests of parity.

Usage: make_optax.py expected.json

Weights, gradients and states are f32, as here. Numbers of a step (learning rate, bias correction) are f64, as
here: in f32 optax's 1 - 0.999 is off by 3e-5. Nothing is compiled, so that each operation is rounded by itself.
Arrays are base64 of little-endian f32; weights of all parameters one after the other, by name.
"""

import base64
import json
import sys

import jax

jax.config.update("jax_enable_x64", True)

import jax.numpy as jnp
import numpy as np
import optax
from optax import contrib

STEPS = 100
SHAPES = {"bias": (7,), "kernel": (2, 2, 3), "matrix": (3, 5)}
# As large as gradients of different layers are.
SCALES = {"bias": 30.0, "kernel": 1e-3, "matrix": 1.0}
SEEN = (1, 10, STEPS)

random = np.random.default_rng(0)
START = {name: jnp.asarray(random.normal(size=shape), jnp.float32) for name, shape in SHAPES.items()}


def gradient_of(name):
    drawn = SCALES[name] * random.normal(size=SHAPES[name])
    # Weights that never have a gradient, and one that has none now and then.
    drawn.reshape(-1)[0] = 0
    drawn.reshape(-1)[1] *= random.integers(2)
    return jnp.asarray(drawn, jnp.float32)


GRADIENTS = [{name: gradient_of(name) for name in SHAPES} for _ in range(STEPS)]
CURVATURE = {name: jnp.asarray(SCALES[name] * random.exponential(size=shape), jnp.float32) for name, shape in SHAPES.items()}


def text(*trees):
    flat = [np.asarray(tree[name], "<f4").reshape(-1) for tree in trees for name in SHAPES]
    return base64.b64encode(np.concatenate(flat).tobytes()).decode()


def matrices(params):
    return {name: value.ndim >= 2 for name, value in params.items()}


def run(tx, state=None, then=lambda params, state: params):
    """The weights after 1, 10 and all steps, or what `then` makes of them."""
    params = dict(START)
    state = tx.init(params) if state is None else state
    seen = []
    for step, gradients in enumerate(GRADIENTS):
        updates, state = tx.update(gradients, state, params)
        params = optax.apply_updates(params, updates)
        assert all(value.dtype == jnp.float32 for value in params.values())
        if step + 1 in SEEN:
            seen.append(text(then(params, state)))
    return seen


def sophia():
    """With a curvature that is known from the start, where optax starts from 0."""
    known = optax.GradientTransformation(lambda params: (), lambda updates, state, params=None: (CURVATURE, state))
    tx = contrib.sophia(
        optax.linear_schedule(0.05, 0, STEPS - 1),
        gamma=0.5,
        weight_decay=0.1,
        weight_decay_mask=matrices,
        update_interval=1,
        hessian_diagonal_fn=known,
    )
    first, *others = tx.init(START)
    return run(tx, (first._replace(nu=CURVATURE), *others))


def averaged():
    """Weights of SGD, averaged as they are before each step and after the last."""
    tx, decay = optax.sgd(0.01), 0.9
    params, average = dict(START), dict(START)
    state, seen = tx.init(params), []
    for step, gradients in enumerate(GRADIENTS):
        updates, state = tx.update(gradients, state, params)
        params = optax.apply_updates(params, updates)
        average = optax.incremental_update(params, average, 1 - decay)
        if step + 1 in SEEN:
            seen.append(text(average))
    return seen


def schedule_free(rate):
    tx = contrib.schedule_free_adamw(rate, b2=0.99, weight_decay=0.1)
    evaluated = lambda params, state: contrib.schedule_free_eval_params(state, params)
    return {"points": run(tx), "averages": run(tx, then=evaluated)}


def warmed_up():
    """The average is weighed by the rate of the step itself: optax asks for it one step later."""
    rate = optax.linear_schedule(0.005, 0.05, STEPS - 1)
    base = optax.chain(optax.scale_by_rms(0.999, eps_in_sqrt=False, bias_correction=True), optax.scale_by_learning_rate(rate))
    tx = contrib.schedule_free(base, lambda count: rate(count - 1), b1=0.95)
    return run(tx, then=lambda params, state: contrib.schedule_free_eval_params(state, params))


def each_norm(limit):
    clips = {name: optax.clip_by_global_norm(limit) for name in SHAPES}
    return optax.partition(clips, {name: name for name in SHAPES})


falling = optax.linear_schedule(0.05, 0, STEPS - 1)
cosine = optax.cosine_decay_schedule(0.05, STEPS)

OPTIMIZERS = {
    "sgd": run(optax.sgd(falling)),
    "momentum": run(optax.sgd(falling, momentum=0.9)),
    "nesterov": run(optax.sgd(falling, momentum=0.9, nesterov=True)),
    "adam": run(optax.adam(cosine)),
    "adam, L2": run(optax.chain(optax.add_decayed_weights(0.1, matrices), optax.adam(cosine, b1=0.8, b2=0.95, eps=1e-3))),
    "adamw": run(optax.adamw(cosine, weight_decay=0.1, mask=matrices)),
    "lion": run(optax.lion(falling, mask=matrices)),
    "lion, numbers": run(optax.lion(falling, b1=0.95, b2=0.98, weight_decay=0.1, mask=matrices)),
    "sophia": sophia(),
    "clip": run(optax.chain(optax.clip(0.5), optax.sgd(falling))),
    "global norm": run(optax.chain(optax.clip_by_global_norm(5.0), optax.sgd(falling, momentum=0.9))),
    "each norm": run(optax.chain(each_norm(2.0), optax.sgd(falling))),
    "partition": run(
        optax.partition(
            {
                "slow": optax.adamw(0.001, weight_decay=0.1),
                "fast": optax.adamw(cosine, weight_decay=0.2),
                "other": optax.chain(optax.clip(1.0), optax.sgd(falling, momentum=0.9)),
            },
            {"bias": "other", "kernel": "slow", "matrix": "fast"},
        )
    ),
    "schedule-free, warmed up": warmed_up(),
    "ema": averaged(),
    "accumulated": run(optax.MultiSteps(optax.adam(0.01), 4)),
}

SCHEDULES = {
    "linear": falling,
    "cosine": cosine,
    "polynomial": optax.polynomial_schedule(0.1, 0.01, 2.5, STEPS - 1),
    "exponential": optax.exponential_decay(0.1, STEPS // 4, 0.3, end_value=0.01),
    "exponential, rising in stairs": optax.exponential_decay(0.1, STEPS // 5, 1.5, staircase=True, end_value=0.3),
    "piecewise constant": optax.piecewise_constant_schedule(0.1, {30: 0.5, 60: 0.1}),
    "piecewise linear": optax.piecewise_interpolate_schedule("linear", 0.1, {29: 3.0, 59: 0.1, 99: 0.2}),
    "piecewise cosine": optax.piecewise_interpolate_schedule("cosine", 0.1, {29: 3.0, 59: 0.1, 79: 0.2}),
    "one cycle": optax.cosine_onecycle_schedule(STEPS - 1, 0.1),
    "one cycle, lines": optax.linear_onecycle_schedule(STEPS - 1, 0.1, pct_start=0.4, div_factor=10.0),
    "joined": optax.join_schedules(
        [optax.constant_schedule(0.1), optax.cosine_decay_schedule(0.1, 50), optax.linear_schedule(0.02, 0, 29)], [20, 70]
    ),
    "warm-up, stable, decay": optax.join_schedules(
        [optax.linear_schedule(0.1 / 11, 0.1, 10), optax.constant_schedule(0.1), optax.linear_schedule(0.1, 0.001, 20)],
        [10, 79],
    ),
}


def values(schedule):
    return base64.b64encode(np.asarray([schedule(step) for step in range(STEPS)], "<f4").tobytes()).decode()


with open(sys.argv[1], "w") as file:
    json.dump(
        {
            "start": text(START),
            "gradients": text(*GRADIENTS),
            "curvature": text(CURVATURE),
            "scheduleFree": schedule_free(0.05),
            "optimizers": OPTIMIZERS,
            "schedules": {name: values(schedule) for name, schedule in SCHEDULES.items()},
        },
        file,
        indent=2,
    )
    file.write("\n")
