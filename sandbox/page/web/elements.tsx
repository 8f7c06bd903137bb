import { type ReactNode, useId, useState } from 'react';
import { asObject, asText, isObject, type JsonObject, objectsIn } from '../../slack/json.ts';
import { usePage, usePlace } from './context.tsx';
import { Dialog } from './dialog.tsx';
import { Plain } from './rich.tsx';
import { CannotShow, TextObject } from './text-object.tsx';

interface ElementProps {
  readonly block: JsonObject;
  readonly element: JsonObject;
}

/** What can be clicked in a message or a view. */
export function BlockElement({ block, element }: ElementProps): ReactNode {
  if (element.type === 'button') return <Button block={block} element={element} />;
  if (element.type === 'static_select') return <Menu block={block} element={element} />;
  return <CannotShow what={asText(element.type)} />;
}

function Button({ block, element }: ElementProps): ReactNode {
  const place = usePlace();
  const [isAsking, setAsking] = useState(false);
  const [isBusy, setBusy] = useState(false);
  const { value } = element;
  const ref = {
    actionId: asText(element.action_id),
    blockId: asText(block.block_id),
    ...(typeof value === 'string' ? { value } : {}),
  };
  const click = async () => {
    setBusy(true);
    await place.click(ref);
    setBusy(false);
  };
  const answer = (agreed: boolean) => {
    setAsking(false);
    void (agreed ? click() : place.decline(ref));
  };
  return (
    <>
      <button
        type="button"
        className={`button ${asText(element.style)}`}
        disabled={isBusy}
        aria-busy={isBusy}
        onClick={() => (isObject(element.confirm) ? setAsking(true) : void click())}
      >
        <Plain text={asText(asObject(element.text).text)} />
      </button>
      {isAsking && <Confirmation confirm={asObject(element.confirm)} onAnswer={answer} />}
    </>
  );
}

interface ConfirmationProps {
  readonly confirm: JsonObject;
  readonly onAnswer: (agreed: boolean) => void;
}

function Confirmation({ confirm, onAnswer }: ConfirmationProps): ReactNode {
  const words = (key: string) => asText(asObject(confirm[key]).text);
  return (
    <Dialog title={words('title')} onClose={() => onAnswer(false)} className="confirmation">
      <div className="text">
        <TextObject text={asObject(confirm.text)} />
      </div>
      <div className="dialog-buttons">
        <button type="button" className="button" onClick={() => onAnswer(false)}>
          {words('deny')}
        </button>
        <button
          type="button"
          className={`button ${confirm.style === 'danger' ? 'danger' : 'primary'}`}
          onClick={() => onAnswer(true)}
        >
          {words('confirm')}
        </button>
      </div>
    </Dialog>
  );
}

/** A menu outside of a field: the choice is sent at once. */
function Menu({ block, element }: ElementProps): ReactNode {
  const place = usePlace();
  const label = asText(asObject(element.placeholder).text);
  return (
    <Options
      element={element}
      label={label}
      value={initialValue(element)}
      onChoose={(value) =>
        void place.click({ actionId: asText(element.action_id), blockId: asText(block.block_id), value })
      }
    />
  );
}

export function initialValue(element: JsonObject): string {
  return asText(asObject(element.initial_option).value) || asText(element.initial_value);
}

interface OptionsProps {
  readonly element: JsonObject;
  /** For screen readers; undefined: there is a visible label, for the element with this id. */
  readonly label?: string;
  readonly id?: string;
  readonly describedBy?: string | undefined;
  readonly value: string;
  readonly onChoose: (value: string) => void;
}

export function Options({ element, label, id, describedBy, value, onChoose }: OptionsProps): ReactNode {
  const { words } = usePage();
  const ownId = useId();
  const [chosen, setChosen] = useState(value);
  const placeholder = asText(asObject(element.placeholder).text) || words.choose;
  const groups = objectsIn(element.option_groups);
  return (
    <select
      id={id ?? ownId}
      aria-label={label}
      aria-describedby={describedBy}
      value={chosen}
      onChange={({ target }) => {
        setChosen(target.value);
        onChoose(target.value);
      }}
    >
      <option value="" disabled={true}>
        {placeholder}
      </option>
      <OptionList options={objectsIn(element.options)} />
      {groups.map((group) => (
        <optgroup key={asText(asObject(group.label).text)} label={asText(asObject(group.label).text)}>
          <OptionList options={objectsIn(group.options)} />
        </optgroup>
      ))}
    </select>
  );
}

function OptionList({ options }: { readonly options: readonly JsonObject[] }): ReactNode {
  return options.map((option) => (
    <option key={asText(option.value)} value={asText(option.value)}>
      {asText(asObject(option.text).text)}
    </option>
  ));
}
