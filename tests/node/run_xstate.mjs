// Runs exported machines in XState: histories on standard input, what came of each event on
// standard output. Takes the folder in which XState is installed.
//
// The functions that the machines leave to their host are here, written from what the export says of
// itself: guards by their params, conditions by their definitions in meta. What a definition leaves
// to the host (periods, lists, counts) comes with each event, under "told".
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(join(process.argv[2], "package.json"));
const { assign, createActor, createMachine } = require("xstate");

const missing = (value) => value === undefined || value === null;

function read(value, path) {
  if (!path.length) return value;
  const name = path[0].replace("[]", "");
  const found = missing(value) ? undefined : value[name];
  if (!path[0].endsWith("[]")) return read(found, path.slice(1));
  return (found ?? []).map((item) => read(item, path.slice(1)));
}

function given(value) {
  if (Array.isArray(value)) return value.length > 0 && value.every(given);
  return typeof value === "string" ? value.trim() !== "" : !missing(value);
}

const oneOf = (allowed) => (value) =>
  Array.isArray(value)
    ? value.length > 0 && value.every((item) => allowed.includes(item))
    : allowed.includes(value);

const noneOf = (barred) => (value) =>
  Array.isArray(value)
    ? value.every((item) => !barred.includes(item))
    : !barred.includes(value);

const OPERATORS = {
  given: (operand) => (value) => given(value) === operand,
  is: (operand) => oneOf([operand]),
  in: oneOf,
  "is-not": (operand) => noneOf([operand]),
  includes: (operand) => (value) => operand.every((item) => (value ?? []).includes(item)),
  "at-most": (operand) => (value) => !missing(value) && value <= operand,
  "at-least": (operand) => (value) => !missing(value) && value >= operand,
};

function holds(conditions, name, { recorded, told }) {
  const { field, operator, operand } = conditions[name].definition;
  if (field === undefined) return told[name] === true;
  return OPERATORS[operator](operand)(read(recorded, field.split(".")));
}

function permits(conditions, event, steps, guard) {
  if ("all" in guard) return guard.all.every((one) => permits(conditions, event, steps, one));
  if ("any" in guard) return guard.any.some((one) => permits(conditions, event, steps, one));
  if ("step" in guard) return steps[guard.step];
  if ("no-step" in guard) return !steps[guard["no-step"]];
  return holds(conditions, guard.condition, event);
}

function machineOf(exported) {
  const { conditions } = exported.meta;
  const moves = Object.values(exported.states).flatMap((state) => Object.values(state.on ?? {})).flat();
  const guard = ({ context, event }, params) => permits(conditions, event, context.steps, params);
  const guards = Object.fromEntries(
    moves.filter((move) => move.guard).map((move) => [move.guard.type, guard]),
  );
  const set = (stands) =>
    assign(({ context, event }, params) => ({
      steps:
        params.if === undefined || holds(conditions, params.if, event)
          ? { ...context.steps, [params.step]: stands }
          : context.steps,
    }));
  const record = assign((_, params) => ({ rule: params.rule }));
  return createMachine(exported, { guards, actions: { take: set(true), undo: set(false), record } });
}

function run(machine, events) {
  const told = [];
  const actor = createActor(machine);
  actor.start();
  for (const { probes, ...event } of events) {
    const before = actor.getSnapshot();
    const sent = (one) => ({ type: one.recorded.event, ...one });
    const can = probes.map((probe) => before.can(sent(probe)));
    const allowed = before.can(sent(event));
    actor.send(sent(event));
    const { value, context } = actor.getSnapshot();
    const steps = Object.keys(context.steps).filter((step) => context.steps[step]);
    told.push({ state: value, rule: allowed ? context.rule : null, steps, can });
  }
  return told;
}

const { machines, histories } = JSON.parse(readFileSync(0, "utf8"));
const made = Object.fromEntries(
  Object.entries(machines).map(([name, exported]) => [name, machineOf(exported)]),
);
const found = histories.map(({ machine, events }) => run(made[machine], events));
process.stdout.write(JSON.stringify(found));
