// wasi:sockets: there is no network. Creating a socket and resolving a name are refused; without a socket the
// remaining functions cannot be called, so a call is a trap.

import { GuestTrap, type HostContext, type HostFunctions } from './run-state.js';

const ACCESS_DENIED = 1;

class Network {}

/** @param names every host function the guest imports; those of sockets are answered here */
export function sockets(context: HostContext, names: readonly string[]): HostFunctions {
  const writeDenied = (target: number) => {
    context.memory.writeU8(target, 1);
    context.memory.writeU8(target + 4, ACCESS_DENIED);
  };
  const trap = (name: string) => () => {
    throw new GuestTrap(`${name} was called without a socket`);
  };
  return {
    ...Object.fromEntries(
      names.filter((name) => name.startsWith('wasi:sockets/')).map((name) => [name, trap(name)]),
    ),
    'wasi:sockets/instance-network#instance-network': () => context.run.handles.add(new Network()),
    'wasi:sockets/tcp-create-socket#create-tcp-socket': (_family: number, target: number) =>
      writeDenied(target),
    'wasi:sockets/udp-create-socket#create-udp-socket': (_family: number, target: number) =>
      writeDenied(target),
    'wasi:sockets/ip-name-lookup#resolve-addresses': (
      _network: number,
      _pointer: number,
      _length: number,
      target: number,
    ) => writeDenied(target),
  };
}
